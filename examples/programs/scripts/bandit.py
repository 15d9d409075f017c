"""An epsilon-greedy agent on a multi-armed bandit with Bernoulli rewards."""
import random

from absl import app
from absl import flags
from absl import logging

FLAGS = flags.FLAGS
flags.DEFINE_integer("arms", 10, "Number of arms.", lower_bound=2)
flags.DEFINE_float("epsilon", 0.1, "Probability of a random arm.", lower_bound=0.0, upper_bound=1.0)
flags.DEFINE_integer("num_steps", 2000, "Number of pulls.")
flags.DEFINE_integer("log_every", 100, "Number of pulls between two reports.")
flags.DEFINE_integer("seed", 0, "Random seed.")
flags.DEFINE_bool("optimistic", False, "Whether the first estimates are 1 rather than 0.")


class Bandit:
  """Arms with fixed chances of a reward."""

  def __init__(self, rng, arms):
    self._rng = rng
    self.chances = [rng.random() for _ in range(arms)]

  def pull(self, arm):
    return float(self._rng.random() < self.chances[arm])


class EpsilonGreedy:
  """Takes the arm with the best mean reward so far, or any arm with probability epsilon."""

  def __init__(self, rng, arms, epsilon, optimistic):
    self._rng = rng
    self._epsilon = epsilon
    self._counts = [0] * arms
    self._values = [1.0 if optimistic else 0.0] * arms

  def act(self):
    if self._rng.random() < self._epsilon:
      return self._rng.randrange(len(self._values))
    best = max(self._values)
    return self._rng.choice([arm for arm, value in enumerate(self._values) if value == best])

  def learn(self, arm, reward):
    self._counts[arm] += 1
    self._values[arm] += (reward - self._values[arm]) / self._counts[arm]


def main(argv):
  if len(argv) > 1:
    raise app.UsageError("Too many command-line arguments.")
  rng = random.Random(FLAGS.seed)
  bandit = Bandit(rng, FLAGS.arms)
  agent = EpsilonGreedy(rng, FLAGS.arms, FLAGS.epsilon, FLAGS.optimistic)
  logging.info("Chances of the arms: %s", bandit.chances)
  regret, reward_sum = 0.0, 0.0
  for step in range(1, FLAGS.num_steps + 1):
    arm = agent.act()
    reward = bandit.pull(arm)
    agent.learn(arm, reward)
    reward_sum += reward
    regret += max(bandit.chances) - bandit.chances[arm]
    if step % FLAGS.log_every == 0:
      print(f'{{"step": {step}, "reward": {reward_sum / step}, "regret": {regret}}}')


if __name__ == "__main__":
  app.run(main)
