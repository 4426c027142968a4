using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using OptDsl.Generator.Lowering;
using OptDsl.Generator.Model;
using OptDsl.Generator.Tests.Model;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Runs comparisons of one rule on buffers of one element.</summary>
internal abstract class RuleRun
{
    /// <summary>What is wrong, or null.</summary>
    internal abstract string? Compare(RulePlan plan);

    /// <summary>Runs of a compiled rule on buffers of float, or of double.</summary>
    internal static RuleRun Of(Type rule, RuleSpec spec, bool inFloat)
        => (RuleRun)Activator.CreateInstance(typeof(RuleRun<,>).MakeGenericType(inFloat ? typeof(float) : typeof(double), rule), spec)!;
}

/// <inheritdoc/>
internal sealed unsafe partial class RuleRun<T, TRule>(RuleSpec spec) : RuleRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const int Steps = 4, Guard = 19;

    private static readonly string[] Groups = [ParameterGroup.Default, "another"];

    private static readonly T Untouched = T.CreateTruncating(12345);

    // Of the two groups.
    private readonly TRule[] rules = [Create(), WithRate(Create(), 0.2)];

    internal override string? Compare(RulePlan plan)
    {
        // An odd offset from the alignment, another one for the gradients.
        int length = plan.Length, misalignment = 1 + (length % 5), total = 4 * (length + (2 * Guard) + 8);
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)(total * sizeof(T)), 64);
        try
        {
            var whole = new Span<T>(memory, total);
            whole.Fill(Untouched);
            int[] starts = [Guard + misalignment, length + (2 * Guard) + misalignment + 1, (2 * length) + (3 * Guard) + misalignment + 3,
                (3 * length) + (4 * Guard) + misalignment + 3];
            using var tested = ParameterBuffer<T>.Adopt(memory + starts[0], memory + starts[1], length);
            using var expected = ParameterBuffer<T>.Adopt(memory + starts[2], memory + starts[3], length);
            string? wrong = Compare(plan, tested, expected);
            for (int i = 0; i < total && wrong is null; i++)
            {
                wrong = whole[i] == Untouched || Array.Exists(starts, start => i >= start && i < start + length) ? null
                    : "an element outside the parameters was written";
            }

            return wrong;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private string? Compare(RulePlan plan, ParameterBuffer<T> tested, ParameterBuffer<T> expected)
    {
        Add(tested, plan);
        Add(expected, plan);
        var run = new Pair
        {
            Plan = plan,
            Random = new Random(plan.Seed),
            Tested = tested,
            Expected = expected,
            Kernel = Bind(tested, rules, plan, plan.Width, plan.Threads, plan.NoticesFaults && !TakesPoint),
            Other = Bind(expected, rules, plan, SimdWidth.Scalar, threads: 1, noticesFaults: false),
            Interpreter = plan.Beside == Beside.Interpreter
                ? new Interpreter<T>(spec, new TensorLayout(plan.Tensors), rules, (ulong)plan.Seed) : null,
        };
        run.Kernel.Observing = run.Other.Observing = plan.Watches && (plan.Beside != Beside.Declaration || !ObservingMayThrow);
        if (run.Interpreter is not null)
        {
            run.Interpreter.Observing = plan.Watches;
        }

        RuleValues.Fill(tested.Values, plan.Values, run.Random);
        for (int step = 1; step <= Steps; step++)
        {
            if ((Step(run, step, out bool goesOn) ?? run.Wrong) is { } wrong)
            {
                return $"step {step}: {wrong}";
            }

            if (!goesOn)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>The rule with its defaults, which a record has no constructor without parameters for.</summary>
    private static TRule Create()
    {
        ConstructorInfo constructor = typeof(TRule).GetConstructors().Single();
        return (TRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    /// <summary>The rule with another rate, where it has one.</summary>
    private static TRule WithRate(TRule rule, double value)
    {
        if (typeof(TRule).GetProperty("LearningRate") is { CanWrite: true } rate)
        {
            rate.SetValue(rule, Convert.ChangeType(value, rate.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
        }

        return rule;
    }

    private static void Add(ParameterBuffer<T> buffer, RulePlan plan)
    {
        foreach ((int[] shape, int group) in plan.Tensors)
        {
            buffer.Add($"tensor{buffer.Tensors.Count}", [.. shape.Select(side => (nint)side)], Groups[group]);
        }
    }

    /// <summary>
    /// A gradient at another point that is not finite ends the step before anything is written, and a kernel takes none that its rule
    /// does not use: of such rules only the values are compared.
    /// </summary>
    private bool TakesPoint => spec.Extras.Any(extra => extra.Extra == ExtraKind.GradientAt);

    /// <summary>Whether a member that only an observed step evaluates may throw: the declaration is not observed.</summary>
    private bool ObservingMayThrow
        => MemberNeeds.OfObservedStep(spec).Except(MemberNeeds.OfStep(spec)).Any(member => spec.Members[member].Checks.Count > 0);

    private static Optimizer<T, TRule> Bind(ParameterBuffer<T> buffer, TRule[] rules, RulePlan plan, SimdWidth width, int threads,
        bool noticesFaults)
    {
        Optimizer<T, TRule> optimizer = buffer.Optimize(rules[0], new OptimizerOptions
        {
            Width = width,
            Threads = threads,
            Seed = (ulong)plan.Seed,
            OnNonFinite = noticesFaults ? OnNonFinite.Throw : OnNonFinite.Ignore,
            AllowEmulatedFusedArithmetic = true,
        });
        SetRules(optimizer, rules);
        return optimizer;
    }

    /// <summary>A kernel, and what it is compared with.</summary>
    private sealed class Pair
    {
        internal required RulePlan Plan { get; init; }

        internal required Random Random { get; init; }

        internal required ParameterBuffer<T> Tested { get; init; }

        internal required ParameterBuffer<T> Expected { get; init; }

        internal required Optimizer<T, TRule> Kernel { get; init; }

        internal required Optimizer<T, TRule> Other { get; init; }

        internal required Interpreter<T>? Interpreter { get; init; }

        /// <summary>The parameters of the interpreter, and how they were before the step.</summary>
        internal T[] Parameters { get; set; } = [];

        /// <summary>What the gradients were filled with: at another point they are these and a quarter of the point.</summary>
        internal T[] Filled { get; set; } = [];

        /// <summary>Digests of the points at which gradients were asked for, in order.</summary>
        internal List<int> KernelPoints { get; } = [];

        internal List<int> OtherPoints { get; } = [];

        internal double Loss { get; set; }

        /// <summary>What was found wrong on the way, or null.</summary>
        internal string? Wrong { get; set; }
    }
}
