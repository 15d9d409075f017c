/* The study of experiments/grid.toml in plain C: one run after another, loops over doubles, exp and log1p of the C
 * library. 6 numbers of hidden units x 4 learning rates x 30 seeds, 100 epochs of 1000 steps; loss and error on 1000
 * training and 1000 validation points before the first epoch and after every one. Prints the final errors in percent,
 * mean over seeds.
 *
 * The points come from a file of restudy. Parameters and order come from another generator, so the numbers agree in
 * distribution, not in bits.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 1000
#define EPOCHS 100
#define SEEDS 30
#define MOST_HIDDEN 100

static const int hiddens[] = {1, 2, 5, 7, 10, 100};
static const double rates[] = {0.002, 0.02, 0.2, 2.0};

/* Random numbers: xoshiro256++, its state filled by splitmix64. */

static uint64_t state[4];

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static void seed(uint64_t x) {
    for (int i = 0; i < 4; i++) {
        uint64_t z = (x += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        state[i] = z ^ (z >> 31);
    }
}

static uint64_t bits(void) {
    uint64_t result = rotate(state[0] + state[3], 23) + state[0], t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 45);
    return result;
}

static double unit(void) { return (bits() >> 11) * 0x1p-53; }

static int below(int n) { return (int)(((bits() >> 32) * (uint64_t)n) >> 32); }

static double normal(void) { return sqrt(-2 * log(1 - unit())) * cos(2 * M_PI * unit()); }

/* Data: the double moon. */

typedef struct {
    double x[POINTS][2];
    double y[POINTS];
} Data;

static Data train, validation;

/* Reads the points of one split from the file that `cargo run --example points` writes. */
static void load(const char *path, const char *split, Data *data) {
    FILE *file = fopen(path, "r");
    char line[200], name[20];
    int n = 0;
    if (!file) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, file)) {
        double x1, x2, y;
        if (sscanf(line, "%19[^,],%lf,%lf,%lf", name, &x1, &x2, &y) == 4 && !strcmp(name, split) && n < POINTS) {
            data->x[n][0] = x1;
            data->x[n][1] = x2;
            data->y[n++] = y;
        }
    }
    fclose(file);
    if (n != POINTS) {
        fprintf(stderr, "%s: %d points, expected %d\n", path, n, POINTS);
        exit(1);
    }
}

/* The network. */

typedef struct {
    int h;
    double wi[MOST_HIDDEN][2], bi[MOST_HIDDEN], wo[MOST_HIDDEN], bo;
} Network;

static void initialize(Network *net, int h) {
    net->h = h;
    net->bo = 0;
    for (int j = 0; j < h; j++) {
        net->wi[j][0] = normal();
        net->wi[j][1] = normal();
        net->bi[j] = net->wo[j] = 0;
    }
}

static double forward(const Network *net, const double *x, double *hidden) {
    double output = net->bo;
    for (int j = 0; j < net->h; j++) {
        double a = net->bi[j] + net->wi[j][0] * x[0] + net->wi[j][1] * x[1];
        hidden[j] = a > 0 ? a : 0;
        output += net->wo[j] * hidden[j];
    }
    return output;
}

static void step(Network *net, const double *x, double y, double rate) {
    double hidden[MOST_HIDDEN];
    double output = forward(net, x, hidden);
    double s = rate * -y / (1 + exp(y * output));
    for (int j = 0; j < net->h; j++) {
        if (hidden[j] > 0) {
            double t = s * net->wo[j];
            net->wo[j] -= s * hidden[j];
            net->bi[j] -= t;
            net->wi[j][0] -= t * x[0];
            net->wi[j][1] -= t * x[1];
        }
    }
    net->bo -= s;
}

typedef struct {
    double loss, error;
} Measured;

static Measured measure(const Network *net, const Data *data) {
    Measured sum = {0, 0};
    double hidden[MOST_HIDDEN];
    for (int i = 0; i < POINTS; i++) {
        double margin = data->y[i] * forward(net, data->x[i], hidden);
        sum.loss += (margin < 0 ? -margin : 0) + log1p(exp(-fabs(margin)));
        sum.error += !(margin > 0);
    }
    return (Measured){sum.loss / POINTS, sum.error / POINTS};
}

int main(int count, char **arguments) {
    double losses = 0; /* printed, so that the compiler cannot remove the losses */
    if (count != 2) {
        fprintf(stderr, "usage: sgd POINTS.csv\n");
        return 2;
    }
    load(arguments[1], "training", &train);
    load(arguments[1], "validation", &validation);
    printf("  h   rate  training  validation error (%%)\n");
    for (size_t a = 0; a < sizeof hiddens / sizeof *hiddens; a++) {
        for (size_t b = 0; b < sizeof rates / sizeof *rates; b++) {
            double errors[2] = {0, 0};
            for (int run = 0; run < SEEDS; run++) {
                Network net;
                seed(run);
                initialize(&net, hiddens[a]);
                Measured here = measure(&net, &train), there = measure(&net, &validation);
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    for (int i = 0; i < POINTS; i++) {
                        int k = below(POINTS);
                        step(&net, train.x[k], train.y[k], rates[b]);
                    }
                    here = measure(&net, &train);
                    there = measure(&net, &validation);
                    losses += here.loss + there.loss;
                }
                errors[0] += 100 * here.error / SEEDS;
                errors[1] += 100 * there.error / SEEDS;
            }
            printf("%3d  %5g  %8.2f  %10.2f\n", hiddens[a], rates[b], errors[0], errors[1]);
        }
    }
    printf("sum of all losses %g\n", losses);
    return 0;
}
