using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
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
internal sealed unsafe class RuleRun<T, TRule>(RuleSpec spec) : RuleRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private const int Steps = 4, Guard = 19;

    private static readonly T Untouched = T.CreateTruncating(12345);

    internal override string? Compare(RulePlan plan)
    {
        // An odd offset from the alignment, another one for the gradients.
        int length = plan.Length, misalignment = 1 + (length % 5), total = 4 * (length + (2 * Guard) + 8);
        T* memory = (T*)NativeMemory.AlignedAlloc((nuint)(total * sizeof(T)), 64);
        try
        {
            var whole = new Span<T>(memory, total);
            whole.Fill(Untouched);
            int[] starts = [Guard + misalignment, length + (2 * Guard) + misalignment + 1, (2 * length) + (3 * Guard) + misalignment + 3, (3 * length) + (4 * Guard) + misalignment + 3];
            using var tested = ParameterBuffer<T>.Adopt(memory + starts[0], memory + starts[1], length);
            using var expected = ParameterBuffer<T>.Adopt(memory + starts[2], memory + starts[3], length);
            string? wrong = Compare(plan, tested, expected);
            for (int i = 0; i < total && wrong is null; i++)
            {
                wrong = whole[i] == Untouched || Array.Exists(starts, start => i >= start && i < start + length) ? null : "an element outside the parameters was written";
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
        var random = new Random(plan.Seed);
        TRule rule = Create();
        Add(tested, plan);
        Add(expected, plan);
        Optimizer<T, TRule> kernel = Bind(tested, rule, plan.Width, plan.Threads, plan.NoticesFaults);
        Optimizer<T, TRule> other = Bind(expected, rule, SimdWidth.Scalar, threads: 1, noticesFaults: true);
        var interpreter = plan.Beside == Beside.Interpreter ? new Interpreter<T>(spec, rule) : null;
        T[] parameters = new T[plan.Length];
        RuleValues.Fill(tested.Values, plan.Values, random);
        tested.Values.CopyTo(expected.Values);
        for (int step = 1; step <= Steps; step++)
        {
            RuleValues.Fill(tested.Gradients, plan.Values, random);
            if (plan.Values == Values.OneBad && step == 1)
            {
                RuleValues.Spoil(tested.Gradients, tested.Values, random);
                tested.Values.CopyTo(expected.Values);
            }

            tested.Gradients.CopyTo(expected.Gradients);
            parameters = step == 1 ? tested.Values.ToArray() : parameters;
            Exception? thrown = Thrown(() => kernel.Step());
            Exception? reference = Thrown(() =>
            {
                switch (plan.Beside)
                {
                    case Beside.Declaration:
                        other.StepReference();
                        break;
                    case Beside.OneLane:
                        other.Step();
                        break;
                    default:
                        interpreter!.Step(parameters, expected.Gradients.ToArray());
                        break;
                }
            });
            if (thrown is not (null or NonFiniteException))
            {
                return reference?.GetType() == thrown.GetType() ? null : $"step {step}: the kernel threw {thrown}, beside it {reference?.GetType().Name ?? "nothing"}";
            }

            if (reference is not (null or NonFiniteException))
            {
                return $"step {step}: {reference} beside a kernel that threw nothing";
            }

            string? wrong = Difference(plan, kernel, tested.ReadOnlyValues, interpreter is null ? expected.ReadOnlyValues : parameters,
                (index, name) => interpreter is null ? other.State[name] : interpreter.Buffers[index]) ?? Fault(plan, kernel, tested, thrown is not null);
            if (wrong is not null)
            {
                return $"step {step}: {wrong}";
            }
        }

        return null;
    }

    private delegate ReadOnlySpan<T> StateOf(int index, string name);

    private string? Difference(RulePlan plan, Optimizer<T, TRule> kernel, ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, StateOf state)
    {
        string? wrong = Difference("parameter", plan, actual, expected);
        for (int i = 0; i < spec.Buffers.Count && wrong is null; i++)
        {
            string name = spec.Buffers[i].Name;
            wrong = Difference(name, plan, kernel.State[name], state(i, name));
        }

        return wrong;
    }

    private static string? Difference(string what, RulePlan plan, ReadOnlySpan<T> actual, ReadOnlySpan<T> expected)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (!RuleValues.Same(actual[i], expected[i]))
            {
                return FormattableString.Invariant($"{what} {i} is {actual[i]:R}, but {expected[i]:R} beside it ({plan.Beside})");
            }
        }

        return null;
    }

    /// <summary>
    /// A step throws where a gradient, a state or the new parameter is not finite, and nowhere else. States of one value a
    /// group are not looked at. A gradient that the rule does not read is not noticed by the pass, but may be found by the
    /// search that follows a sum of finite values which overflowed.
    /// </summary>
    private string? Fault(RulePlan plan, Optimizer<T, TRule> kernel, ParameterBuffer<T> buffer, bool thrown)
    {
        bool inGradient = !RuleValues.AllFinite<T>(buffer.Gradients), due = (ReadsGradient && inGradient) || !RuleValues.AllFinite(buffer.ReadOnlyValues);
        foreach (string state in kernel.State.Names)
        {
            due |= !RuleValues.AllFinite(kernel.State[state]);
        }

        due &= plan.NoticesFaults;
        return due == thrown || (thrown && inGradient && plan.NoticesFaults) ? null : due ? "a value that is not finite was missed" : "a value that is not finite was reported for nothing";
    }

    private bool ReadsGradient { get; } = Reaches(spec);

    /// <summary>Whether what the rule stores depends on the gradient in the step itself.</summary>
    private static bool Reaches(RuleSpec spec)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(spec.Buffers.Select(buffer => buffer.Stored).Append(spec.Update));
        while (pending.Count > 0)
        {
            int node = pending.Pop();
            if (seen.Add(node))
            {
                foreach (int operand in spec.Nodes[node].Operands)
                {
                    pending.Push(operand);
                }
            }
        }

        return seen.Any(node => spec.Nodes[node].Operation == Operation.Gradient);
    }

    private static Exception? Thrown(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception) when (exception is ArithmeticException or ArgumentException or InvalidOperationException)
        {
            return exception;
        }
    }

    /// <summary>The rule with its defaults, which a record has no constructor without parameters for.</summary>
    private static TRule Create()
    {
        ConstructorInfo constructor = typeof(TRule).GetConstructors().Single();
        return (TRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    /// <summary>Two tensors, neighbours or of two groups.</summary>
    private static void Add(ParameterBuffer<T> buffer, RulePlan plan)
    {
        if (plan.Length > 1)
        {
            buffer.Add("first", [plan.Length / 2]);
        }

        if (plan.Length > 0)
        {
            buffer.Add("second", [plan.Length - (plan.Length / 2)], plan.Seed % 3 == 0 ? "another" : ParameterGroup.Default);
        }
    }

    private static Optimizer<T, TRule> Bind(ParameterBuffer<T> buffer, TRule rule, SimdWidth width, int threads, bool noticesFaults)
        => buffer.Optimize(rule, new OptimizerOptions
        {
            Width = width,
            Threads = threads,
            OnNonFinite = noticesFaults ? OnNonFinite.Throw : OnNonFinite.Ignore,
            AllowEmulatedFusedArithmetic = true,
        });
}
