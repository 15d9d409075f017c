"""Solve a knapsack problem with a genetic algorithm."""
import random

import click


def make_items(count, rng):
    return [(rng.randint(1, 100), rng.randint(1, 100)) for _ in range(count)]


def fitness(genome, items, capacity):
    value = sum(v for bit, (v, _) in zip(genome, items) if bit)
    weight = sum(w for bit, (_, w) in zip(genome, items) if bit)
    return value if weight <= capacity else 0


def tournament(population, scores, rng, size=3):
    return population[max(rng.sample(range(len(population)), size), key=lambda i: scores[i])]


@click.command(context_settings={"show_default": True})
@click.option("--items", "item_count", default=60, help="Number of items.")
@click.option("--population", "population_size", type=click.IntRange(min=4), default=40)
@click.option("--generations", default=60)
@click.option("--mutation", type=click.FloatRange(0, 1), default=0.02, help="Probability that a bit flips.")
@click.option("--crossover", type=click.Choice(["one-point", "uniform"]), default="one-point")
@click.option("--elitism/--no-elitism", default=True)
@click.option("--seed", type=int, default=None, envvar="EVOLVE_SEED")
@click.option("-v", "--verbose", is_flag=True)
def main(item_count, population_size, generations, mutation, crossover, elitism, seed, verbose):
    """Evolve a set of items with a high value for a knapsack."""
    items = make_items(item_count, random.Random(1))
    capacity = sum(w for _, w in items) // 4
    rng = random.Random(seed)
    population = [[int(rng.random() < 0.2) for _ in items] for _ in range(population_size)]
    for generation in range(generations + 1):
        scores = [fitness(genome, items, capacity) for genome in population]
        best = max(scores)
        if verbose or generation % 5 == 0:
            click.echo(f'{{"step": {generation}, "best": {best}, "mean": {sum(scores) / len(scores)}}}')
        children = [population[scores.index(best)]] if elitism else []
        while len(children) < population_size:
            a, b = tournament(population, scores, rng), tournament(population, scores, rng)
            if crossover == "one-point":
                cut = rng.randrange(len(a))
                child = a[:cut] + b[cut:]
            else:
                child = [rng.choice(pair) for pair in zip(a, b)]
            children.append([1 - bit if rng.random() < mutation else bit for bit in child])
        population = children
    click.echo("done")


if __name__ == "__main__":
    main()
