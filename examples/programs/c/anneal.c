/* Simulated annealing of a closed tour through random points of the unit square.

       cc -O2 -ffp-contract=off -o anneal anneal.c -lm && ./anneal START MOVES SEED

   START is the first temperature, in lengths; it falls linearly to 0. The points are the same under every seed. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { POINTS = 80, LINES = 40 };

static double x[POINTS], y[POINTS];
static int tour[POINTS];

/* SplitMix64: the same numbers with every C library. */
static uint64_t state;

static uint64_t word(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double unit(void) { return (double)(word() >> 11) * 0x1p-53; }

static double distance(int i, int j) {
    double dx = x[tour[i]] - x[tour[j]], dy = y[tour[i]] - y[tour[j]];
    return sqrt(dx * dx + dy * dy);
}

static double length(void) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) sum += distance(i, (i + 1) % POINTS);
    return sum;
}

static void draw(const char *name) {
    FILE *file = fopen(name, "w");
    if (!file) { perror(name); exit(1); }
    fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 -2 104 104\"><polygon fill=\"none\" stroke=\"#36c\" points=\"");
    for (int i = 0; i < POINTS; i++) fprintf(file, "%.2f,%.2f ", 100 * x[tour[i]], 100 * y[tour[i]]);
    fprintf(file, "\"/></svg>\n");
    if (fclose(file)) { perror(name); exit(1); }
}

int main(int count, char **words) {
    if (count != 4) { fprintf(stderr, "usage: anneal START MOVES SEED\n"); return 2; }
    double start = strtod(words[1], NULL);
    long moves = strtol(words[2], NULL, 10);
    state = 2014;
    for (int i = 0; i < POINTS; i++) { x[i] = unit(); y[i] = unit(); tour[i] = i; }
    state = strtoull(words[3], NULL, 10) * 0x2545f4914f6cdd1du;
    for (long move = 1; move <= moves; move++) {
        double temperature = start * (double)(moves - move) / (double)moves;
        int i = (int)(word() % POINTS), j = (int)(word() % POINTS);
        if (i > j) { int other = i; i = j; j = other; }
        if (j - i >= 1 && j - i <= POINTS - 2) {
            /* Reverses the tour between i + 1 and j. */
            int next = (j + 1) % POINTS;
            double longer = distance(i, j) + distance(i + 1, next) - distance(i, i + 1) - distance(j, next);
            if (longer < 0 || (temperature > 0 && unit() < exp(-longer / temperature)))
                for (int a = i + 1, b = j; a < b; a++, b--) { int other = tour[a]; tour[a] = tour[b]; tour[b] = other; }
        }
        if (move % (moves / LINES) == 0) printf("{\"step\": %ld, \"length\": %.17g}\n", move, length());
    }
    draw("tour.svg");
    return 0;
}
