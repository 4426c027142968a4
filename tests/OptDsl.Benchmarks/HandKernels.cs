// Written by hand in the shape the generator emits, until it does; each class is then a declaration of five lines.
using System.Runtime.CompilerServices;
using OptDsl.Kernels;

namespace OptDsl.Benchmarks;

/// <summary>v = Decay v + g, p = p - LearningRate v.</summary>
internal sealed record StrictMomentum(double LearningRate = 1e-2, double Decay = 0.9) : IUpdateRule<float>
{
    public static RuleSchema Schema { get; } = new(
        "StrictMomentum", Arithmetic.Strict, 2, 0, [new("Velocity", StateRole.State, StateKind.PerParameter)])
    { IsStreaming = true };

    public void Validate()
    {
        RuleChecks.Number<float>(LearningRate, nameof(LearningRate));
        RuleChecks.Number<float>(Decay, nameof(Decay));
    }

    public void Prepare(UniformFrame<float> frame)
    {
        frame.Set(0, Decay);
        frame.Set(1, LearningRate);
    }

    public void SweepReference(UniformFrame<float> frame, KernelBlock<float> block) => throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Advance<S, V>(ref float parameter, ref readonly float gradient, ref float velocity, nuint i, nuint offset, V decay, V learningRate)
        where S : struct, ISimdOps<V, float>
    {
        V g = S.Load(ref Unsafe.Add(ref Unsafe.AsRef(in gradient), offset), i);
        V velocityStored = S.Add(S.Multiply(decay, S.Load(ref Unsafe.Add(ref velocity, offset), i)), g);
        S.Store(velocityStored, ref Unsafe.Add(ref velocity, offset), i);
        V update = S.Subtract(S.Load(ref Unsafe.Add(ref parameter, offset), i), S.Multiply(learningRate, velocityStored));
        S.Store(update, ref Unsafe.Add(ref parameter, offset), i);
        return update;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Sweep<S, V, C>(KernelBlock<float> block)
        where S : struct, ISimdOps<V, float>
        where C : struct, IFaultCheck
    {
        ref float parameter = ref block.Parameters;
        ref readonly float gradient = ref block.Gradients;
        ref float velocity = ref block.State(0);
        ref readonly float uniforms = ref block.Uniforms;
        nuint lanes = (nuint)UniformFrame.Lanes<float>();
        V decay = S.Load(in uniforms, 0 * lanes);
        V learningRate = S.Load(in uniforms, 1 * lanes);

        V fault0 = S.Broadcast(0), fault1 = fault0;
        nuint i = 0, count = block.Length, width = (nuint)S.Count;
        if (count >= 4 * width)
        {
            for (nuint last = count - (4 * width); i <= last; i += 4 * width)
            {
                V f0 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 0, decay, learningRate);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f0);
                }

                V f1 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f1);
                }

                V f2 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 2 * (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f2);
                }

                V f3 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 3 * (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f3);
                }
            }
        }

        for (; i < count; i += width)
        {
            V f0 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 0, decay, learningRate);
            if (C.Enabled)
            {
                fault0 = S.Add(fault0, f0);
            }
        }

        V fault = S.Add(fault0, fault1);
        return C.Enabled && S.AnyBit(S.Subtract(fault, fault));
    }
}

/// <summary>v = Decay v + g, p = p - LearningRate v, each contracted.</summary>
internal sealed record FusedMomentum(double LearningRate = 1e-2, double Decay = 0.9) : IUpdateRule<float>
{
    public static RuleSchema Schema { get; } = new(
        "FusedMomentum", Arithmetic.Fused, 2, 0, [new("Velocity", StateRole.State, StateKind.PerParameter)])
    { IsStreaming = true };

    public void Validate()
    {
        RuleChecks.Number<float>(LearningRate, nameof(LearningRate));
        RuleChecks.Number<float>(Decay, nameof(Decay));
    }

    public void Prepare(UniformFrame<float> frame)
    {
        frame.Set(0, Decay);
        frame.Set(1, LearningRate);
    }

    public void SweepReference(UniformFrame<float> frame, KernelBlock<float> block) => throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Advance<S, V>(ref float parameter, ref readonly float gradient, ref float velocity, nuint i, nuint offset, V decay, V learningRate)
        where S : struct, ISimdOps<V, float>
    {
        V g = S.Load(ref Unsafe.Add(ref Unsafe.AsRef(in gradient), offset), i);
        V velocityStored = S.MultiplyAdd(decay, S.Load(ref Unsafe.Add(ref velocity, offset), i), g);
        S.Store(velocityStored, ref Unsafe.Add(ref velocity, offset), i);
        V update = S.NegateMultiplyAdd(learningRate, velocityStored, S.Load(ref Unsafe.Add(ref parameter, offset), i));
        S.Store(update, ref Unsafe.Add(ref parameter, offset), i);
        return update;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Sweep<S, V, C>(KernelBlock<float> block)
        where S : struct, ISimdOps<V, float>
        where C : struct, IFaultCheck
    {
        ref float parameter = ref block.Parameters;
        ref readonly float gradient = ref block.Gradients;
        ref float velocity = ref block.State(0);
        ref readonly float uniforms = ref block.Uniforms;
        nuint lanes = (nuint)UniformFrame.Lanes<float>();
        V decay = S.Load(in uniforms, 0 * lanes);
        V learningRate = S.Load(in uniforms, 1 * lanes);

        V fault0 = S.Broadcast(0), fault1 = fault0;
        nuint i = 0, count = block.Length, width = (nuint)S.Count;
        if (count >= 4 * width)
        {
            for (nuint last = count - (4 * width); i <= last; i += 4 * width)
            {
                V f0 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 0, decay, learningRate);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f0);
                }

                V f1 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f1);
                }

                V f2 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 2 * (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f2);
                }

                V f3 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 3 * (nuint)S.Count, decay, learningRate);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f3);
                }
            }
        }

        for (; i < count; i += width)
        {
            V f0 = Advance<S, V>(ref parameter, in gradient, ref velocity, i, 0, decay, learningRate);
            if (C.Enabled)
            {
                fault0 = S.Add(fault0, f0);
            }
        }

        V fault = S.Add(fault0, fault1);
        return C.Enabled && S.AnyBit(S.Subtract(fault, fault));
    }
}

/// <summary>Adam as in the library, contracted.</summary>
internal sealed record FusedAdam(double LearningRate = 1e-3, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : IUpdateRule<float>
{
    public static RuleSchema Schema { get; } = new(
        "FusedAdam", Arithmetic.Fused, 8, 0,
        [
            new("Mean", StateRole.RunningAverage, StateKind.PerParameter),
            new("MeanSquare", StateRole.RunningAverage, StateKind.PerParameter),
        ]);

    public void Validate()
    {
        RuleChecks.Number<float>(LearningRate, nameof(LearningRate));
        RuleChecks.Number<float>(Epsilon, nameof(Epsilon));
        RuleChecks.Decay(Beta1, nameof(Beta1));
        RuleChecks.Decay(Beta2, nameof(Beta2));
    }

    public void Prepare(UniformFrame<float> frame)
    {
        frame.Set(0, Beta1);
        frame.Set(1, 1 - Beta1);
        frame.Set(2, RunningAverages.Correction(Beta1, frame.Step));
        frame.Set(3, Beta2);
        frame.Set(4, 1 - Beta2);
        frame.Set(5, RunningAverages.Correction(Beta2, frame.Step));
        frame.Set(6, LearningRate);
        frame.Set(7, Epsilon);
    }

    public void SweepReference(UniformFrame<float> frame, KernelBlock<float> block) => throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Advance<S, V>(
        ref float parameter, ref readonly float gradient, ref float mean, ref float meanSquare, nuint i, nuint offset,
        V beta1, V uniform1, V correction1, V beta2, V uniform4, V correction2, V learningRate, V epsilon)
        where S : struct, ISimdOps<V, float>
    {
        V g = S.Load(ref Unsafe.Add(ref Unsafe.AsRef(in gradient), offset), i);
        V meanStored = S.MultiplyAdd(beta1, S.Load(ref Unsafe.Add(ref mean, offset), i), S.Multiply(uniform1, g));
        S.Store(meanStored, ref Unsafe.Add(ref mean, offset), i);
        V meanSquareStored = S.MultiplyAdd(beta2, S.Load(ref Unsafe.Add(ref meanSquare, offset), i), S.Multiply(uniform4, S.Multiply(g, g)));
        S.Store(meanSquareStored, ref Unsafe.Add(ref meanSquare, offset), i);
        V update = S.Subtract(S.Load(ref Unsafe.Add(ref parameter, offset), i), S.Divide(
            S.Multiply(learningRate, S.Multiply(meanStored, correction1)), S.Add(S.Sqrt(S.Multiply(meanSquareStored, correction2)), epsilon)));
        S.Store(update, ref Unsafe.Add(ref parameter, offset), i);
        return S.Add(update, meanSquareStored);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Sweep<S, V, C>(KernelBlock<float> block)
        where S : struct, ISimdOps<V, float>
        where C : struct, IFaultCheck
    {
        ref float parameter = ref block.Parameters;
        ref readonly float gradient = ref block.Gradients;
        ref float mean = ref block.State(0);
        ref float meanSquare = ref block.State(1);
        ref readonly float uniforms = ref block.Uniforms;
        nuint lanes = (nuint)UniformFrame.Lanes<float>();
        V beta1 = S.Load(in uniforms, 0 * lanes);
        V uniform1 = S.Load(in uniforms, 1 * lanes);
        V correction1 = S.Load(in uniforms, 2 * lanes);
        V beta2 = S.Load(in uniforms, 3 * lanes);
        V uniform4 = S.Load(in uniforms, 4 * lanes);
        V correction2 = S.Load(in uniforms, 5 * lanes);
        V learningRate = S.Load(in uniforms, 6 * lanes);
        V epsilon = S.Load(in uniforms, 7 * lanes);

        V fault0 = S.Broadcast(0), fault1 = fault0;
        nuint i = 0, count = block.Length, width = (nuint)S.Count;
        if (count >= 4 * width)
        {
            for (nuint last = count - (4 * width); i <= last; i += 4 * width)
            {
                V f0 = Advance<S, V>(ref parameter, in gradient, ref mean, ref meanSquare, i, 0, beta1, uniform1, correction1, beta2, uniform4, correction2, learningRate, epsilon);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f0);
                }

                V f1 = Advance<S, V>(ref parameter, in gradient, ref mean, ref meanSquare, i, (nuint)S.Count, beta1, uniform1, correction1, beta2, uniform4, correction2, learningRate, epsilon);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f1);
                }

                V f2 = Advance<S, V>(ref parameter, in gradient, ref mean, ref meanSquare, i, 2 * (nuint)S.Count, beta1, uniform1, correction1, beta2, uniform4, correction2, learningRate, epsilon);
                if (C.Enabled)
                {
                    fault0 = S.Add(fault0, f2);
                }

                V f3 = Advance<S, V>(ref parameter, in gradient, ref mean, ref meanSquare, i, 3 * (nuint)S.Count, beta1, uniform1, correction1, beta2, uniform4, correction2, learningRate, epsilon);
                if (C.Enabled)
                {
                    fault1 = S.Add(fault1, f3);
                }
            }
        }

        for (; i < count; i += width)
        {
            V f0 = Advance<S, V>(ref parameter, in gradient, ref mean, ref meanSquare, i, 0, beta1, uniform1, correction1, beta2, uniform4, correction2, learningRate, epsilon);
            if (C.Enabled)
            {
                fault0 = S.Add(fault0, f0);
            }
        }

        V fault = S.Add(fault0, fault1);
        return C.Enabled && S.AnyBit(S.Subtract(fault, fault));
    }
}
