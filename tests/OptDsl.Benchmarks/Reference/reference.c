// The rivals: what a careful C programmer writes for one step of a rule, in AVX2 intrinsics, unrolled four times.
// Compiled with -ffp-contract=off, so that only the multiply-adds written here are fused. Each entry computes its
// step's constants and calls a loop in a function of its own, whose disassembly can then be checked by name.
// A loop leaves what does not fill four vectors to its entry, which is the same text for one element.
#include <immintrin.h>
#include <math.h>
#include <stddef.h>

#define LOOP __attribute__((noinline)) size_t
#define LOAD(a) _mm256_loadu_ps(a)
#define STORE(a, x) _mm256_storeu_ps(a, x)
#define SET(x) _mm256_set1_ps(x)
#define ADD(a, b) _mm256_add_ps(a, b)
#define SUB(a, b) _mm256_sub_ps(a, b)
#define MUL(a, b) _mm256_mul_ps(a, b)
#define DIV(a, b) _mm256_div_ps(a, b)
#define SQRT(a) _mm256_sqrt_ps(a)

// Fused: beta * average is contracted, and the first correction is folded into the rate, which strict may not do.
#define ADAM_FUSED(o)                                                                              \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = _mm256_fmadd_ps(vb1, LOAD(m + i + o), MUL(vc1, G));                             \
        __m256 V = _mm256_fmadd_ps(vb2, LOAD(v + i + o), MUL(vc2, MUL(G, G)));                     \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(SQRT(MUL(V, vr2)), ve);                                                     \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, M), D)));                               \
    } while (0)

LOOP adam_fused_loop(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n,
                     float b1, float c1, float b2, float c2, float r2, float rate, float e)
{
    const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2), vlr = SET(rate), ve = SET(e);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) { ADAM_FUSED(0); ADAM_FUSED(8); ADAM_FUSED(16); ADAM_FUSED(24); }
    return i;
}

void adam_fused(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n,
                double rate, double beta1, double beta2, double epsilon, int step)
{
    double r1 = 1 / (1 - pow(beta1, step));
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r2 = (float)(1 / (1 - pow(beta2, step))), scaled = (float)(rate * r1), e = (float)epsilon;
    for (size_t i = adam_fused_loop(p, g, m, v, n, b1, c1, b2, c2, r2, scaled, e); i < n; i++)
    {
        m[i] = fmaf(b1, m[i], c1 * g[i]);
        v[i] = fmaf(b2, v[i], c2 * (g[i] * g[i]));
        p[i] = p[i] - scaled * m[i] / (sqrtf(v[i] * r2) + e);
    }
}

// Strict: the operations of the declaration in its order, each rounded.
#define ADAM_STRICT(o)                                                                             \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = ADD(MUL(vb1, LOAD(m + i + o)), MUL(vc1, G));                                    \
        __m256 V = ADD(MUL(vb2, LOAD(v + i + o)), MUL(vc2, MUL(G, G)));                            \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(SQRT(MUL(V, vr2)), ve);                                                     \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, MUL(M, vr1)), D)));                     \
    } while (0)

LOOP adam_strict_loop(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n,
                      float b1, float c1, float r1, float b2, float c2, float r2, float rate, float e)
{
    const __m256 vb1 = SET(b1), vc1 = SET(c1), vr1 = SET(r1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2);
    const __m256 vlr = SET(rate), ve = SET(e);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) { ADAM_STRICT(0); ADAM_STRICT(8); ADAM_STRICT(16); ADAM_STRICT(24); }
    return i;
}

void adam_strict(float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n,
                 double rate, double beta1, double beta2, double epsilon, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r1 = (float)(1 / (1 - pow(beta1, step))), r2 = (float)(1 / (1 - pow(beta2, step)));
    float lr = (float)rate, e = (float)epsilon;
    for (size_t i = adam_strict_loop(p, g, m, v, n, b1, c1, r1, b2, c2, r2, lr, e); i < n; i++)
    {
        m[i] = b1 * m[i] + c1 * g[i];
        v[i] = b2 * v[i] + c2 * (g[i] * g[i]);
        p[i] = p[i] - lr * (m[i] * r1) / (sqrtf(v[i] * r2) + e);
    }
}

#define MOMENTUM_FUSED(o)                                                                          \
    do {                                                                                           \
        __m256 V = _mm256_fmadd_ps(vd, LOAD(v + i + o), LOAD(g + i + o));                          \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, _mm256_fnmadd_ps(vlr, V, LOAD(p + i + o)));                               \
    } while (0)

LOOP momentum_fused_loop(float *restrict p, const float *restrict g, float *restrict v, size_t n, float rate, float decay)
{
    const __m256 vlr = SET(rate), vd = SET(decay);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) { MOMENTUM_FUSED(0); MOMENTUM_FUSED(8); MOMENTUM_FUSED(16); MOMENTUM_FUSED(24); }
    return i;
}

void momentum_fused(float *restrict p, const float *restrict g, float *restrict v, size_t n, double rate, double decay)
{
    float lr = (float)rate, d = (float)decay;
    for (size_t i = momentum_fused_loop(p, g, v, n, lr, d); i < n; i++)
    {
        v[i] = fmaf(d, v[i], g[i]);
        p[i] = fmaf(-lr, v[i], p[i]);
    }
}

#define MOMENTUM_STRICT(o)                                                                         \
    do {                                                                                           \
        __m256 V = ADD(MUL(vd, LOAD(v + i + o)), LOAD(g + i + o));                                 \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, SUB(LOAD(p + i + o), MUL(vlr, V)));                                       \
    } while (0)

LOOP momentum_strict_loop(float *restrict p, const float *restrict g, float *restrict v, size_t n, float rate, float decay)
{
    const __m256 vlr = SET(rate), vd = SET(decay);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) { MOMENTUM_STRICT(0); MOMENTUM_STRICT(8); MOMENTUM_STRICT(16); MOMENTUM_STRICT(24); }
    return i;
}

void momentum_strict(float *restrict p, const float *restrict g, float *restrict v, size_t n, double rate, double decay)
{
    float lr = (float)rate, d = (float)decay;
    for (size_t i = momentum_strict_loop(p, g, v, n, lr, d); i < n; i++)
    {
        v[i] = d * v[i] + g[i];
        p[i] = p[i] - lr * v[i];
    }
}
