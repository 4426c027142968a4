// The rivals: what a careful C programmer writes for one step of a rule, in AVX2 intrinsics, unrolled four times.
// Compiled with -ffp-contract=off, so that only the multiply-adds written here are fused. Each entry computes its
// step's constants once, for all tensors of n parameters that lie behind each other, and calls a loop in a function of
// its own, whose disassembly can then be checked by name. What does not fill four vectors is left to the entry: single
// vectors first, then the same text for one element.
#include <immintrin.h>
#include <math.h>
#include <stddef.h>

#define LOAD(a) _mm256_loadu_ps(a)
#define STORE(a, x) _mm256_storeu_ps(a, x)
#define SET(x) _mm256_set1_ps(x)
#define ADD(a, b) _mm256_add_ps(a, b)
#define SUB(a, b) _mm256_sub_ps(a, b)
#define MUL(a, b) _mm256_mul_ps(a, b)
#define DIV(a, b) _mm256_div_ps(a, b)
#define SQRT(a) _mm256_sqrt_ps(a)
#define FMA(a, b, c) _mm256_fmadd_ps(a, b, c)

// A loop of four vectors, and what it leaves in single vectors. Both see the constants as vectors.
#define LOOPS(NAME, ONE, PARAMETERS, ...)                                                          \
    __attribute__((noinline)) size_t NAME##_loop PARAMETERS                                        \
    {                                                                                              \
        __VA_ARGS__                                                                                \
        size_t i = 0;                                                                              \
        for (; i + 32 <= n; i += 32) { ONE(0); ONE(8); ONE(16); ONE(24); }                         \
        return i;                                                                                  \
    }                                                                                              \
    static inline __attribute__((always_inline)) size_t NAME##_rest PARAMETERS                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
        size_t i = n & ~(size_t)31;                                                                \
        for (; i + 8 <= n; i += 8) { ONE(0); }                                                     \
        return i;                                                                                  \
    }

// Calls both for each tensor, and ONE for each element that is left.
#define TENSORS2(NAME, ONE, ...)                                                                   \
    for (size_t k = 0; k < tensors; k++, p += n, g += n, m += n, v += n)                           \
    {                                                                                              \
        size_t i = n < 32 ? 0 : NAME##_loop(p, g, m, v, n, __VA_ARGS__);                           \
        if (i != n) { for (i = NAME##_rest(p, g, m, v, n, __VA_ARGS__); i < n; i++) { ONE } }      \
    }
#define TENSORS1(NAME, ONE, ...)                                                                   \
    for (size_t k = 0; k < tensors; k++, p += n, g += n, v += n)                                   \
    {                                                                                              \
        size_t i = n < 32 ? 0 : NAME##_loop(p, g, v, n, __VA_ARGS__);                              \
        if (i != n) { for (i = NAME##_rest(p, g, v, n, __VA_ARGS__); i < n; i++) { ONE } }         \
    }

#define STREAMS2 float *restrict p, const float *restrict g, float *restrict m, float *restrict v, size_t n
#define STREAMS1 float *restrict p, const float *restrict g, float *restrict v, size_t n
#define CORRECTION(beta) (1 / (1 - pow(beta, step)))

// ---- Adam. Fused: beta * average is contracted, and the first correction is folded into the rate, which strict may not do.
#define ADAM_FUSED(o)                                                                              \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = FMA(vb1, LOAD(m + i + o), MUL(vc1, G));                                         \
        __m256 V = FMA(vb2, LOAD(v + i + o), MUL(vc2, MUL(G, G)));                                 \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(SQRT(MUL(V, vr2)), ve);                                                     \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, M), D)));                               \
    } while (0)

LOOPS(adam_fused, ADAM_FUSED, (STREAMS2, float b1, float c1, float b2, float c2, float r2, float lr, float e),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2), vlr = SET(lr), ve = SET(e);)

void adam_fused(STREAMS2, size_t tensors, double rate, double beta1, double beta2, double epsilon, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r2 = (float)CORRECTION(beta2), lr = (float)(rate * CORRECTION(beta1)), e = (float)epsilon;
    TENSORS2(adam_fused,
             m[i] = fmaf(b1, m[i], c1 * g[i]);
             v[i] = fmaf(b2, v[i], c2 * (g[i] * g[i]));
             p[i] = p[i] - lr * m[i] / (sqrtf(v[i] * r2) + e);,
             b1, c1, b2, c2, r2, lr, e)
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

LOOPS(adam_strict, ADAM_STRICT, (STREAMS2, float b1, float c1, float r1, float b2, float c2, float r2, float lr, float e),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vr1 = SET(r1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2);
      const __m256 vlr = SET(lr), ve = SET(e);)

void adam_strict(STREAMS2, size_t tensors, double rate, double beta1, double beta2, double epsilon, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r1 = (float)CORRECTION(beta1), r2 = (float)CORRECTION(beta2), lr = (float)rate, e = (float)epsilon;
    TENSORS2(adam_strict,
             m[i] = b1 * m[i] + c1 * g[i];
             v[i] = b2 * v[i] + c2 * (g[i] * g[i]);
             p[i] = p[i] - lr * (m[i] * r1) / (sqrtf(v[i] * r2) + e);,
             b1, c1, r1, b2, c2, r2, lr, e)
}

// ---- PyTorch's arithmetic in its fused kernel: a division by the root of the correction, and one by the denominator.
#define ADAM_TORCH(o)                                                                              \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = FMA(vb1, LOAD(m + i + o), MUL(vc1, G));                                         \
        __m256 V = FMA(vb2, LOAD(v + i + o), MUL(vc2, MUL(G, G)));                                 \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(DIV(SQRT(V), vs2), ve);                                                     \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, M), D)));                               \
    } while (0)

LOOPS(adam_torch, ADAM_TORCH, (STREAMS2, float b1, float c1, float b2, float c2, float s2, float lr, float e),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vs2 = SET(s2), vlr = SET(lr), ve = SET(e);)

void adam_torch(STREAMS2, size_t tensors, double rate, double beta1, double beta2, double epsilon, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float s2 = (float)sqrt(1 - pow(beta2, step)), lr = (float)(rate * CORRECTION(beta1)), e = (float)epsilon;
    TENSORS2(adam_torch,
             m[i] = fmaf(b1, m[i], c1 * g[i]);
             v[i] = fmaf(b2, v[i], c2 * (g[i] * g[i]));
             p[i] = p[i] - lr * m[i] / (sqrtf(v[i]) / s2 + e);,
             b1, c1, b2, c2, s2, lr, e)
}

// ---- AdamW: Adam with decoupled decay, k = 1 - rate * decay.
#define ADAMW_FUSED(o)                                                                             \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = FMA(vb1, LOAD(m + i + o), MUL(vc1, G));                                         \
        __m256 V = FMA(vb2, LOAD(v + i + o), MUL(vc2, MUL(G, G)));                                 \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(SQRT(MUL(V, vr2)), ve);                                                     \
        STORE(p + i + o, _mm256_fmsub_ps(LOAD(p + i + o), vk, DIV(MUL(vlr, M), D)));               \
    } while (0)

LOOPS(adamw_fused, ADAMW_FUSED, (STREAMS2, float b1, float c1, float b2, float c2, float r2, float lr, float e, float k),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2), vlr = SET(lr), ve = SET(e);
      const __m256 vk = SET(k);)

void adamw_fused(STREAMS2, size_t tensors, double rate, double beta1, double beta2, double epsilon, double decay, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r2 = (float)CORRECTION(beta2), lr = (float)(rate * CORRECTION(beta1)), e = (float)epsilon, kept = (float)(1 - rate * decay);
    TENSORS2(adamw_fused,
             m[i] = fmaf(b1, m[i], c1 * g[i]);
             v[i] = fmaf(b2, v[i], c2 * (g[i] * g[i]));
             p[i] = fmaf(p[i], kept, -(lr * m[i] / (sqrtf(v[i] * r2) + e)));,
             b1, c1, b2, c2, r2, lr, e, kept)
}

#define ADAMW_STRICT(o)                                                                            \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 M = ADD(MUL(vb1, LOAD(m + i + o)), MUL(vc1, G));                                    \
        __m256 V = ADD(MUL(vb2, LOAD(v + i + o)), MUL(vc2, MUL(G, G)));                            \
        STORE(m + i + o, M);                                                                       \
        STORE(v + i + o, V);                                                                       \
        __m256 D = ADD(SQRT(MUL(V, vr2)), ve);                                                     \
        STORE(p + i + o, SUB(MUL(LOAD(p + i + o), vk), DIV(MUL(vlr, MUL(M, vr1)), D)));            \
    } while (0)

LOOPS(adamw_strict, ADAMW_STRICT, (STREAMS2, float b1, float c1, float r1, float b2, float c2, float r2, float lr, float e, float k),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vr1 = SET(r1), vb2 = SET(b2), vc2 = SET(c2), vr2 = SET(r2);
      const __m256 vlr = SET(lr), ve = SET(e), vk = SET(k);)

void adamw_strict(STREAMS2, size_t tensors, double rate, double beta1, double beta2, double epsilon, double decay, int step)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2);
    float r1 = (float)CORRECTION(beta1), r2 = (float)CORRECTION(beta2), lr = (float)rate, e = (float)epsilon;
    float kept = (float)(1 - rate * decay);
    TENSORS2(adamw_strict,
             m[i] = b1 * m[i] + c1 * g[i];
             v[i] = b2 * v[i] + c2 * (g[i] * g[i]);
             p[i] = p[i] * kept - lr * (m[i] * r1) / (sqrtf(v[i] * r2) + e);,
             b1, c1, r1, b2, c2, r2, lr, e, kept)
}

// ---- Momentum.
#define MOMENTUM_FUSED(o)                                                                          \
    do {                                                                                           \
        __m256 V = FMA(vd, LOAD(v + i + o), LOAD(g + i + o));                                      \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, _mm256_fnmadd_ps(vlr, V, LOAD(p + i + o)));                               \
    } while (0)

LOOPS(momentum_fused, MOMENTUM_FUSED, (STREAMS1, float lr, float d), const __m256 vlr = SET(lr), vd = SET(d);)

void momentum_fused(STREAMS1, size_t tensors, double rate, double decay)
{
    float lr = (float)rate, d = (float)decay;
    TENSORS1(momentum_fused,
             v[i] = fmaf(d, v[i], g[i]);
             p[i] = fmaf(-lr, v[i], p[i]);,
             lr, d)
}

#define MOMENTUM_STRICT(o)                                                                         \
    do {                                                                                           \
        __m256 V = ADD(MUL(vd, LOAD(v + i + o)), LOAD(g + i + o));                                 \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, SUB(LOAD(p + i + o), MUL(vlr, V)));                                       \
    } while (0)

LOOPS(momentum_strict, MOMENTUM_STRICT, (STREAMS1, float lr, float d), const __m256 vlr = SET(lr), vd = SET(d);)

void momentum_strict(STREAMS1, size_t tensors, double rate, double decay)
{
    float lr = (float)rate, d = (float)decay;
    TENSORS1(momentum_strict,
             v[i] = d * v[i] + g[i];
             p[i] = p[i] - lr * v[i];,
             lr, d)
}

// ---- RMSProp.
#define RMSPROP_FUSED(o)                                                                           \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 V = FMA(vd, LOAD(v + i + o), MUL(vc, MUL(G, G)));                                   \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, G), ADD(SQRT(V), ve))));                \
    } while (0)

LOOPS(rmsprop_fused, RMSPROP_FUSED, (STREAMS1, float lr, float d, float c, float e),
      const __m256 vlr = SET(lr), vd = SET(d), vc = SET(c), ve = SET(e);)

void rmsprop_fused(STREAMS1, size_t tensors, double rate, double decay, double epsilon)
{
    float lr = (float)rate, d = (float)decay, c = (float)(1 - decay), e = (float)epsilon;
    TENSORS1(rmsprop_fused,
             v[i] = fmaf(d, v[i], c * (g[i] * g[i]));
             p[i] = p[i] - lr * g[i] / (sqrtf(v[i]) + e);,
             lr, d, c, e)
}

#define RMSPROP_STRICT(o)                                                                          \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        __m256 V = ADD(MUL(vd, LOAD(v + i + o)), MUL(vc, MUL(G, G)));                              \
        STORE(v + i + o, V);                                                                       \
        STORE(p + i + o, SUB(LOAD(p + i + o), DIV(MUL(vlr, G), ADD(SQRT(V), ve))));                \
    } while (0)

LOOPS(rmsprop_strict, RMSPROP_STRICT, (STREAMS1, float lr, float d, float c, float e),
      const __m256 vlr = SET(lr), vd = SET(d), vc = SET(c), ve = SET(e);)

void rmsprop_strict(STREAMS1, size_t tensors, double rate, double decay, double epsilon)
{
    float lr = (float)rate, d = (float)decay, c = (float)(1 - decay), e = (float)epsilon;
    TENSORS1(rmsprop_strict,
             v[i] = d * v[i] + c * (g[i] * g[i]);
             p[i] = p[i] - lr * g[i] / (sqrtf(v[i]) + e);,
             lr, d, c, e)
}

// ---- Lion. The sign of X is 1 with X's sign bit, and nothing where X is zero.
#define SIGN(X) _mm256_and_ps(_mm256_cmp_ps(X, _mm256_setzero_ps(), _CMP_NEQ_UQ), _mm256_or_ps(_mm256_and_ps(X, SET(-0.f)), SET(1.f)))

static inline float sign(float x) { return x > 0 ? 1.f : x < 0 ? -1.f : 0.f; }

#define LION_FUSED(o)                                                                              \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o), M = LOAD(v + i + o);                                           \
        __m256 X = FMA(vb1, M, MUL(vc1, G));                                                       \
        STORE(v + i + o, FMA(vb2, M, MUL(vc2, G)));                                                \
        STORE(p + i + o, _mm256_fnmadd_ps(vlr, SIGN(X), MUL(LOAD(p + i + o), vk)));                \
    } while (0)

LOOPS(lion_fused, LION_FUSED, (STREAMS1, float b1, float c1, float b2, float c2, float lr, float k),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vlr = SET(lr), vk = SET(k);)

void lion_fused(STREAMS1, size_t tensors, double rate, double beta1, double beta2, double decay)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2), lr = (float)rate;
    float kept = (float)(1 - rate * decay);
    TENSORS1(lion_fused,
             float x = fmaf(b1, v[i], c1 * g[i]);
             v[i] = fmaf(b2, v[i], c2 * g[i]);
             p[i] = fmaf(-lr, sign(x), p[i] * kept);,
             b1, c1, b2, c2, lr, kept)
}

#define LION_STRICT(o)                                                                             \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o), M = LOAD(v + i + o);                                           \
        __m256 X = ADD(MUL(vb1, M), MUL(vc1, G));                                                  \
        STORE(v + i + o, ADD(MUL(vb2, M), MUL(vc2, G)));                                           \
        STORE(p + i + o, SUB(MUL(LOAD(p + i + o), vk), MUL(vlr, SIGN(X))));                        \
    } while (0)

LOOPS(lion_strict, LION_STRICT, (STREAMS1, float b1, float c1, float b2, float c2, float lr, float k),
      const __m256 vb1 = SET(b1), vc1 = SET(c1), vb2 = SET(b2), vc2 = SET(c2), vlr = SET(lr), vk = SET(k);)

void lion_strict(STREAMS1, size_t tensors, double rate, double beta1, double beta2, double decay)
{
    float b1 = (float)beta1, c1 = (float)(1 - beta1), b2 = (float)beta2, c2 = (float)(1 - beta2), lr = (float)rate;
    float kept = (float)(1 - rate * decay);
    TENSORS1(lion_strict,
             float x = b1 * v[i] + c1 * g[i];
             v[i] = b2 * v[i] + c2 * g[i];
             p[i] = p[i] * kept - lr * sign(x);,
             b1, c1, b2, c2, lr, kept)
}

// ---- The bytes of a step of Adam and next to no arithmetic: four streams read, three written. The factor is 0, which the
// compiler does not know, so that the values stay.
#define BANDWIDTH(o)                                                                               \
    do {                                                                                           \
        __m256 G = LOAD(g + i + o);                                                                \
        STORE(m + i + o, FMA(vf, G, LOAD(m + i + o)));                                             \
        STORE(v + i + o, FMA(vf, G, LOAD(v + i + o)));                                             \
        STORE(p + i + o, FMA(vf, G, LOAD(p + i + o)));                                             \
    } while (0)

LOOPS(bandwidth, BANDWIDTH, (STREAMS2, float factor), const __m256 vf = SET(factor);)

void bandwidth(STREAMS2, size_t tensors, float factor)
{
    TENSORS2(bandwidth, m[i] += factor * g[i]; v[i] += factor * g[i]; p[i] += factor * g[i];, factor)
}

// ---- Normal numbers: Philox4x32-10 in blocks of 1024 numbers, then Box and Muller's with the C library's vector functions. The
// counters, and the places of the numbers, are those of the library's Noise, so that both can be compared.
#include <stdint.h>

__m256 _ZGVdN8v_logf(__m256);
__m256 _ZGVdN8v_sinf(__m256);
__m256 _ZGVdN8v_cosf(__m256);

static inline __attribute__((always_inline)) void philox(__m256i c[4], uint64_t seed)
{
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53), m1 = _mm256_set1_epi64x(0xCD9E8D57);
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int r = 0; r < 10; r++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
    {
        __m256i p = _mm256_mul_epu32(c[0], m0), q = _mm256_mul_epu32(c[2], m1);
        c[0] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(q, 32), c[1]), _mm256_set1_epi64x(k0));
        c[2] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p, 32), c[3]), _mm256_set1_epi64x(k1));
        c[1] = q;
        c[3] = p;
    }
}

static void normals_from(uint64_t seed, uint64_t attempt, uint32_t stream, size_t from, float *target, size_t n)
{
    _Alignas(32) uint32_t words[1024];
    for (size_t begin = 0; begin < n; begin += 1024)
    {
        for (size_t b = 0; b < 1024; b += 64)
        {
            uint64_t counter = (from + begin + b) / 4;
            for (int i = 0; i < 16; i += 8)
            {
                __m256i even[4], odd[4];
                even[0] = _mm256_add_epi64(_mm256_set1_epi64x((long long)counter + i), _mm256_setr_epi64x(0, 2, 4, 6));
                odd[0] = _mm256_add_epi64(even[0], _mm256_set1_epi64x(1));
                even[1] = odd[1] = _mm256_set1_epi64x((long long)((counter >> 32) | (attempt >> 32 << 16)));
                even[2] = odd[2] = _mm256_set1_epi64x(stream);
                even[3] = odd[3] = _mm256_set1_epi64x((uint32_t)attempt);
                philox(even, seed);
                philox(odd, seed);
                for (int j = 0; j < 4; j++)
                {
                    __m256i both = _mm256_blend_epi32(even[j], _mm256_slli_epi64(odd[j], 32), 0xAA);
                    _mm256_store_si256((__m256i *)(words + b + 16 * j + i), both);
                }
            }
        }

        for (size_t b = 0; b < 1024; b += 32)
        {
            for (int i = 0; i < 16; i += 8)
            {
                __m256i u = _mm256_load_si256((const __m256i *)(words + b + i)), a = _mm256_load_si256((const __m256i *)(words + b + 16 + i));
                __m256 low = _mm256_cvtepi32_ps(_mm256_and_si256(u, _mm256_set1_epi32(0xFFFF)));
                __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(u, 16));
                __m256 x = FMA(high, SET(0x1p-16f), MUL(ADD(low, SET(.5f)), SET(0x1p-32f)));
                __m256 radius = SQRT(MUL(SET(-2), _ZGVdN8v_logf(x)));
                __m256 v = SUB(_mm256_or_ps(_mm256_castsi256_ps(_mm256_srli_epi32(_mm256_slli_epi32(a, 2), 9)), SET(1)), SET(1));
                __m256 angle = MUL(v, SET(1.57079632679f)), sign = SET(-0.f);
                __m256 cosine = _mm256_xor_ps(_ZGVdN8v_cosf(angle), _mm256_and_ps(_mm256_castsi256_ps(a), sign));
                __m256 sine = _mm256_xor_ps(_ZGVdN8v_sinf(angle), _mm256_and_ps(_mm256_castsi256_ps(_mm256_slli_epi32(a, 1)), sign));
                STORE(target + begin + b + i, MUL(radius, cosine));
                STORE(target + begin + b + 16 + i, MUL(radius, sine));
            }
        }
    }
}

void normals(uint64_t seed, uint64_t attempt, uint32_t stream, float *target, size_t n)
{
    normals_from(seed, attempt, stream, 0, target, n);
}

// ---- A Langevin step, in blocks whose noise stays in the first cache.
void langevin(uint64_t seed, uint64_t attempt, uint32_t stream, float *p, const float *g, size_t n, double rate)
{
    _Alignas(32) float noise[1024];
    const float lr = (float)rate, scale = (float)__builtin_sqrt(2 * rate);
    for (size_t begin = 0; begin < n; begin += 1024)
    {
        normals_from(seed, attempt, stream, begin, noise, 1024);
        for (size_t i = 0; i < 1024; i += 8)
        {
            __m256 x = LOAD(p + begin + i);
            x = FMA(SET(scale), LOAD(noise + i), _mm256_fnmadd_ps(SET(lr), LOAD(g + begin + i), x));
            STORE(p + begin + i, x);
        }
    }
}

// ---- The bytes of a step of gradient descent clipped by the norm, and next to no arithmetic: one stream read, then two read and
// one written. What the first pass sums decides the second's factor, which is 0 for numbers.
void clip_bytes(float *p, const float *g, size_t n)
{
    __m256 s0 = SET(0), s1 = s0, s2 = s0, s3 = s0;
    for (size_t i = 0; i + 32 <= n; i += 32)
    {
        s0 = ADD(s0, LOAD(g + i));
        s1 = ADD(s1, LOAD(g + i + 8));
        s2 = ADD(s2, LOAD(g + i + 16));
        s3 = ADD(s3, LOAD(g + i + 24));
    }

    __m256 factor = _mm256_and_ps(_mm256_cmp_ps(ADD(ADD(s0, s1), ADD(s2, s3)), SET(1e30f), _CMP_GT_OQ), SET(1));
    for (size_t i = 0; i + 32 <= n; i += 32)
    {
        STORE(p + i, FMA(factor, LOAD(g + i), LOAD(p + i)));
        STORE(p + i + 8, FMA(factor, LOAD(g + i + 8), LOAD(p + i + 8)));
        STORE(p + i + 16, FMA(factor, LOAD(g + i + 16), LOAD(p + i + 16)));
        STORE(p + i + 24, FMA(factor, LOAD(g + i + 24), LOAD(p + i + 24)));
    }
}
