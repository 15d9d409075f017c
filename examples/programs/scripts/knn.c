/* knn K SEED FILE: the accuracy of the vote of K neighbors on a third of the rows of FILE, by the others. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS 2000
#define COLUMNS 31

static double rows[ROWS][COLUMNS];

static void standardize(int count) {
    for (int c = 0; c < COLUMNS - 1; c++) {
        double sum = 0, square = 0;
        for (int r = 0; r < count; r++) { sum += rows[r][c]; square += rows[r][c] * rows[r][c]; }
        double mean = sum / count, sd = sqrt(square / count - mean * mean);
        for (int r = 0; r < count; r++) rows[r][c] = (rows[r][c] - mean) / sd;
    }
}

static unsigned long seed;

static int below(int n) {
    seed = (seed * 1103515245u + 12345u) & 0x7fffffffu;
    return (int)(seed >> 8) % n;
}

int main(int argc, char **argv) {
    if (argc != 4) { fprintf(stderr, "usage: %s K SEED FILE\n", argv[0]); return 2; }
    int k = atoi(argv[1]), count = 0;
    seed = strtoul(argv[2], NULL, 10) * 2654435761u;
    FILE *file = fopen(argv[3], "r");
    if (!file) { perror(argv[3]); return 1; }
    while (count < ROWS) {
        int c = 0;
        while (c < COLUMNS && fscanf(file, "%lf", &rows[count][c]) == 1) c++;
        if (c < COLUMNS) break;
        count++;
    }
    fclose(file);
    standardize(count);
    int order[ROWS];
    for (int i = 0; i < count; i++) order[i] = i;
    for (int i = count - 1; i > 0; i--) { int j = below(i + 1), t = order[i]; order[i] = order[j]; order[j] = t; }
    int tested = count / 3, right = 0;
    for (int t = 0; t < tested; t++) {
        double far[ROWS];
        for (int i = tested; i < count; i++) {
            far[i] = 0;
            for (int c = 0; c < COLUMNS - 1; c++) {
                double d = rows[order[t]][c] - rows[order[i]][c];
                far[i] += d * d;
            }
        }
        double vote = 0;
        for (int n = 0; n < k; n++) {
            int best = tested;
            for (int i = tested; i < count; i++) if (far[i] < far[best]) best = i;
            vote += rows[order[best]][COLUMNS - 1];
            far[best] = INFINITY;
        }
        right += (vote > 0) == (rows[order[t]][COLUMNS - 1] > 0);
    }
    printf("{\"accuracy\": %.17g}\n", (double)right / tested);
    return 0;
}
