using System.Numerics;
using System.Runtime.Intrinsics;
using OptDsl.Simd;
using Xunit;

namespace OptDsl.Runtime.Tests.Kernels;

/// <summary>
/// Every operation of every witness against <see cref="Math"/> and <see cref="MathF"/>, on the values that tell them apart.
/// </summary>
public sealed class SimdOpsTests
{
    [Fact]
    public void One_lane_of_float() => new Check<float, Simd1<float>, float>(new FloatReference()).Run(1);

    [Fact]
    public void Vectors_of_128_bits_of_float() => new Check<float, Simd128<float>, Vector128<float>>(new FloatReference()).Run(4);

    [Fact]
    public void Vectors_of_256_bits_of_float() => new Check<float, Simd256<float>, Vector256<float>>(new FloatReference()).Run(8);

    [Fact]
    public void Vectors_of_512_bits_of_float() => new Check<float, Simd512<float>, Vector512<float>>(new FloatReference()).Run(16);

    [Fact]
    public void One_lane_of_double() => new Check<double, Simd1<double>, double>(new DoubleReference()).Run(1);

    [Fact]
    public void Vectors_of_128_bits_of_double() => new Check<double, Simd128<double>, Vector128<double>>(new DoubleReference()).Run(2);

    [Fact]
    public void Vectors_of_256_bits_of_double() => new Check<double, Simd256<double>, Vector256<double>>(new DoubleReference()).Run(4);

    [Fact]
    public void Vectors_of_512_bits_of_double() => new Check<double, Simd512<double>, Vector512<double>>(new DoubleReference()).Run(8);

    private sealed class Check<T, S, V>(ScalarReference<T> reference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where S : struct, ISimdOps<V, T>
    {
        private readonly T[] values = Specials.Of<T>();

        internal void Run(int lanes)
        {
            Assert.Equal(lanes, S.Count);
            Unary("Negate", S.Negate, reference.Negate);
            Unary("Sqrt", S.Sqrt, reference.Sqrt);
            Unary("Abs", S.Abs, reference.Abs);
            Unary("Sign", S.Sign, reference.Sign);
            Unary("Floor", S.Floor, reference.Floor);
            Unary("Ceiling", S.Ceiling, reference.Ceiling);
            Unary("Truncate", S.Truncate, reference.Truncate);
            Unary("Round", S.Round, reference.Round);
            Binary("Add", S.Add, reference.Add);
            Binary("Subtract", S.Subtract, reference.Subtract);
            Binary("Multiply", S.Multiply, reference.Multiply);
            Binary("Divide", S.Divide, reference.Divide);
            Binary("Min", S.Min, reference.Min);
            Binary("Max", S.Max, reference.Max);
            Binary("CopySign", S.CopySign, reference.CopySign);
            Binary("LessThan", S.LessThan, (a, b) => LaneMask.Of<T>(a < b));
            Binary("LessThanOrEqual", S.LessThanOrEqual, (a, b) => LaneMask.Of<T>(a <= b));
            Binary("GreaterThan", S.GreaterThan, (a, b) => LaneMask.Of<T>(a > b));
            Binary("GreaterThanOrEqual", S.GreaterThanOrEqual, (a, b) => LaneMask.Of<T>(a >= b));
            Binary("AreEqual", S.AreEqual, (a, b) => LaneMask.Of<T>(a == b));
            Binary("AreNotEqual", S.AreNotEqual, (a, b) => LaneMask.Of<T>(a != b));
            Ternary("MultiplyAdd", S.MultiplyAdd, reference.MultiplyAdd);
            Ternary("MultiplySubtract", S.MultiplySubtract, (a, b, c) => reference.MultiplyAdd(a, b, reference.Negate(c)));
            Ternary("NegateMultiplyAdd", S.NegateMultiplyAdd, (a, b, c) => reference.MultiplyAdd(reference.Negate(a), b, c));
            Conditions();
            OperationsOnBits();
            LoadsAndStores();
        }

        private static bool Same(T a, T b)
            => Specials.Bits(a) == Specials.Bits(b) || (T.IsNaN(a) && T.IsNaN(b) && !IsMask(a) && !IsMask(b));

        // A condition that holds is a NaN as well, and as a condition every bit of it counts.
        private static bool IsMask(T a) => Specials.Bits(a) == Specials.Bits(LaneMask.Of<T>(true));

        private static V Load(T[] from)
        {
            var lanes = new T[S.Count];
            from.AsSpan(0, S.Count).CopyTo(lanes);
            return S.Load(in lanes[0], 0);
        }

        private static T[] Store(V value)
        {
            var lanes = new T[S.Count];
            S.Store(value, ref lanes[0], 0);
            return lanes;
        }

        private void Unary(string name, Func<V, V> vector, Func<T, T> scalar)
            => Ternary(name, (a, _, _) => vector(a), (a, _, _) => scalar(a), 1, 1);

        private void Binary(string name, Func<V, V, V> vector, Func<T, T, T> scalar)
            => Ternary(name, (a, b, _) => vector(a, b), (a, b, _) => scalar(a, b), values.Length, 1);

        private void Ternary(string name, Func<V, V, V, V> vector, Func<T, T, T, T> scalar)
            => Ternary(name, vector, scalar, values.Length, values.Length);

        private void Ternary(string name, Func<V, V, V, V> vector, Func<T, T, T, T> scalar, int seconds, int thirds)
        {
            T[] first = new T[S.Count], second = new T[S.Count], third = new T[S.Count];
            int lane = 0;
            foreach (T a in values)
            {
                foreach (T b in values.AsSpan(0, seconds))
                {
                    foreach (T c in values.AsSpan(0, thirds))
                    {
                        (first[lane], second[lane], third[lane]) = (a, b, c);
                        if (++lane == S.Count)
                        {
                            Compare();
                            lane = 0;
                        }
                    }
                }
            }

            Compare();

            void Compare()
            {
                T[] made = Store(vector(Load(first), Load(second), Load(third)));
                for (int i = 0; i < S.Count; i++)
                {
                    T expected = scalar(first[i], second[i], third[i]);
                    if (!Same(expected, made[i]))
                    {
                        Assert.Fail(
                            $"{name}({first[i]:R}, {second[i]:R}, {third[i]:R}) in lane {i}: expected {expected:R}, got {made[i]:R}");
                    }
                }
            }
        }

        private void Conditions()
        {
            V yes = S.Broadcast(LaneMask.Of<T>(true)), no = S.Broadcast(LaneMask.Of<T>(false));
            (V Made, bool Expected)[] table =
            [
                (S.And(yes, yes), true), (S.And(yes, no), false), (S.And(no, yes), false), (S.And(no, no), false),
                (S.Or(yes, yes), true), (S.Or(yes, no), true), (S.Or(no, yes), true), (S.Or(no, no), false),
                (S.Not(yes), false), (S.Not(no), true),
            ];
            foreach ((V made, bool expected) in table)
            {
                Assert.All(Store(made), lane => Assert.Equal(Specials.Bits(LaneMask.Of<T>(expected)), Specials.Bits(lane)));
                Assert.Equal(expected, S.AnyBit(made));
            }

            // Select takes a value as it is, also a NaN's bits; and AnyBit sees a single bit in a single lane.
            foreach (T a in values)
            {
                V chosen = S.Broadcast(a), other = S.Broadcast(T.One + T.One);
                Assert.All(Store(S.Select(yes, chosen, other)), lane => Assert.Equal(Specials.Bits(a), Specials.Bits(lane)));
                Assert.All(Store(S.Select(no, other, chosen)), lane => Assert.Equal(Specials.Bits(a), Specials.Bits(lane)));
            }

            for (int i = 0; i < S.Count; i++)
            {
                var lanes = new T[S.Count];
                lanes[i] = T.NegativeZero;
                Assert.True(S.AnyBit(Load(lanes)));
                lanes[i] = T.Epsilon;
                Assert.True(S.AnyBit(Load(lanes)));
                lanes[i] = LaneMask.Of<T>(true);
                T[] mixed = Store(S.Select(Load(lanes), S.Broadcast(T.One), S.Broadcast(T.Zero)));
                Assert.Equal(T.One, mixed[i]);
                Assert.Equal(T.One, mixed.Aggregate((x, y) => x + y));
            }
        }

        /// <summary>Bit for bit, NaN too: a sum of bits in lanes of another size carries from one number into the next.</summary>
        private void OperationsOnBits()
        {
            bool isSingle = typeof(T) == typeof(float);
            ulong range = isSingle ? uint.MaxValue : ulong.MaxValue;
            var lanes = new T[S.Count];
            for (int i = 0; i < values.Length; i++)
            {
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    lanes[lane] = values[(i + lane) % values.Length];
                }

                V a = Load(lanes);
                foreach (T other in values)
                {
                    ulong bits = Specials.Bits(other);
                    Require("Xor", S.Xor(a, S.Broadcast(other)), lane => lane ^ bits);
                    Require("AddBits", S.AddBits(a, S.Broadcast(other)), lane => unchecked(lane + bits) & range);
                }

                for (int count = 0; count < (isSingle ? 32 : 64); count++)
                {
                    Require("ShiftLeft", S.ShiftLeft(a, count), lane => lane << count & range);
                    Require("ShiftRight", S.ShiftRight(a, count), lane => lane >> count);
                }
            }

            void Require(string name, V made, Func<ulong, ulong> expected)
            {
                T[] stored = Store(made);
                for (int lane = 0; lane < lanes.Length; lane++)
                {
                    Assert.True(expected(Specials.Bits(lanes[lane])) == Specials.Bits(stored[lane]),
                        $"{name} of {lanes[lane]:R} in lane {lane}: {stored[lane]:R}");
                }
            }
        }

        private static void LoadsAndStores()
        {
            var source = new T[S.Count + 4];
            for (int i = 0; i < source.Length; i++)
            {
                source[i] = T.CreateTruncating(i + 1);
            }

            for (nuint offset = 0; offset <= 4; offset++)
            {
                T[] target = new T[S.Count + 6], split = new T[S.Count + 6];
                S.Store(S.Load(in source[0], offset), ref target[1], offset);
                S.Store(S.Load(in source[0], offset / 2, offset - (offset / 2)), ref split[1], offset / 2, offset - (offset / 2));
                Assert.Equal(target, split);
                for (int i = 0; i < target.Length; i++)
                {
                    int lane = i - 1 - (int)offset;
                    Assert.Equal(lane >= 0 && lane < S.Count ? T.CreateTruncating(i) : T.Zero, target[i]);
                }
            }
        }
    }
}
