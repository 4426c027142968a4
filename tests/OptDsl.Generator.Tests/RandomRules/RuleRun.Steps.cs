using System.Numerics;
using OptDsl.Contract;
using OptDsl.Generator.Model;
using OptDsl.Generator.Tests.Model;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>One step on both sides, and what must be alike after it.</content>
internal sealed unsafe partial class RuleRun<T, TRule>
{
    private string? Step(Pair run, int step, out bool goesOn)
    {
        goesOn = true;
        RulePlan plan = run.Plan;
        Fill(run, step);
        Content? content = MayThrow || plan.NoticesFaults ? ContentOf(run.Kernel) : null;
        T[]? direction = Direction(run.Kernel, run), expectedDirection = plan.Beside == Beside.OneLane ? Direction(run.Other, run) : [];
        T[] before = run.Tested.Values.ToArray();
        Exception? thrown = Thrown(() => Advance(run.Kernel, run.Tested, run, reference: false));
        if (thrown is not null && (thrown is not NonFiniteException || run.Kernel.StepCount < step)
            && (content is null ? "something, though no check of it was expected to throw"
                : content.Difference(ContentOf(run.Kernel))) is { } written)
        {
            return $"though it threw {thrown}, it wrote {written}";
        }

        if (thrown is NonFiniteException && run.Kernel.StepCount < step)
        {
            // Noticed before anything was written: a reduction would have spread it.
            goesOn = false;
            bool met = IsOfMany(thrown) || !RuleValues.AllFinite<T>(before) || !RuleValues.AllFinite<T>(run.Tested.Gradients);
            return !met ? $"a fault was noticed for nothing: {thrown.Message}" : null;
        }

        Exception? reference = Thrown(() =>
        {
            if (run.Interpreter is null)
            {
                Advance(run.Other, run.Expected, run, reference: plan.Beside == Beside.Declaration);
            }
            else
            {
                run.Interpreter.Step(run.Parameters, run.Filled);
            }
        });
        if (thrown is not (null or NonFiniteException))
        {
            // Which of two comes first depends on the order of passes.
            goesOn = false;
            return reference is not (null or NonFiniteException) ? null
                : $"the kernel threw {thrown}, beside it {reference?.GetType().Name ?? "nothing"}";
        }

        if (reference is not (null or NonFiniteException))
        {
            return $"{reference} beside a kernel that threw nothing";
        }

        return Difference(run) ?? Read(run, rules, isChanged: false) ?? ReadAnew(run) ?? Direction(run, direction, expectedDirection)
            ?? Observed(run) ?? (IsOfMany(thrown) ? null : Fault(run, thrown is not null, before));
    }

    private void Fill(Pair run, int step)
    {
        RulePlan plan = run.Plan;
        bool tamed = false;
        run.Loss = step % 3 == 0 ? -0.5 : 0.3 * step;
        RuleValues.Fill(run.Tested.Gradients, plan.Values, run.Random);
        if (plan.Values == Values.OneBad && step == 1)
        {
            RuleValues.Spoil(run.Tested.Gradients, run.Tested.Values, run.Random);
        }

        // A reduction over what is not finite stops the step; most plans are to see more than that.
        if (plan is { Values: Values.Special, NoticesFaults: true } && plan.Seed % 4 != 0 && TRule.Schema.Reductions.Length > 0)
        {
            RuleValues.Tame(run.Tested.Gradients);
            RuleValues.Tame(run.Tested.Values);
            tamed = true;
        }

        if (step == 1 || tamed)
        {
            run.Tested.Values.CopyTo(run.Expected.Values);
            run.Parameters = run.Tested.Values.ToArray();
        }

        run.Filled = run.Tested.Gradients.ToArray();
        run.Filled.CopyTo(run.Expected.Gradients);
        if (run.Interpreter is not null)
        {
            run.Interpreter.Loss = run.Loss;
            run.Interpreter.EvaluatesAtPoints = EvaluatesAtPoints;
        }

        for (int i = 0; i < TRule.Schema.Inputs.Length; i++)
        {
            FillInput(run, i);
        }
    }

    private static void FillInput(Pair run, int index)
    {
        InputSchema input = TRule.Schema.Inputs[index];
        if (input.Source == InputSource.PerParameter)
        {
            Span<T> numbers = run.Kernel.GetInput(input.Name);
            RuleValues.Fill(numbers, run.Plan.Values == Values.Special ? Values.Special : Values.Ordinary, run.Random);
            numbers.CopyTo(run.Other.GetInput(input.Name));
            run.Interpreter?.Inputs.SetValue(numbers.ToArray(), index);
        }
        else if (input.Source == InputSource.PerTensor)
        {
            double[] numbers = new double[run.Tested.Tensors.Count];
            RuleValues.Fill<double>(numbers, Values.Ordinary, run.Random);
            for (int i = 0; i < numbers.Length; i++)
            {
                run.Kernel.SetTensorInput(input.Name, run.Tested.Tensors[i], numbers[i]);
                run.Other.SetTensorInput(input.Name, run.Expected.Tensors[i], numbers[i]);
            }

            run.Interpreter?.Inputs.SetValue(numbers, index);
        }
    }

    private static bool EvaluatesAtPoints => TRule.Schema.Inputs.Any(input => input.Source == InputSource.GradientAt);

    private static void Advance(Optimizer<T, TRule> optimizer, ParameterBuffer<T> buffer, Pair run, bool reference)
    {
        List<int> points = optimizer == run.Kernel ? run.KernelPoints : run.OtherPoints;
        if (EvaluatesAtPoints)
        {
            double Evaluate()
            {
                points.Add(Digest(buffer.ReadOnlyValues));
                for (int i = 0; i < buffer.Count; i++)
                {
                    buffer.Gradients[i] = Interpreter<T>.PointGradient(run.Filled[i], buffer.ReadOnlyValues[i]);
                }

                return run.Loss;
            }

            _ = reference ? optimizer.StepReference(Evaluate) : optimizer.Step(Evaluate);
        }
        else if (TRule.Schema.ReadsLoss)
        {
            _ = reference ? optimizer.StepReference(run.Loss) : optimizer.Step(run.Loss);
        }
        else
        {
            _ = reference ? optimizer.StepReference() : optimizer.Step();
        }
    }

    private string? Observed(Pair run)
    {
        for (int i = 0; i < spec.Observed.Count && run.Plan.Watches && run.Interpreter is not null; i++)
        {
            for (int tensor = 0; tensor < run.Tested.Tensors.Count; tensor++)
            {
                double[] statistics = run.Interpreter.Observed[i][tensor];
                int count = run.Tested.Tensors[tensor].Length;
                Observation actual = run.Kernel.GetObservation(spec.Observed[i].Name, run.Tested.Tensors[tensor]);
                double[] seen = [actual.Norm, actual.Min, actual.Max, actual.Mean, actual.NonZeroFraction];
                double[] due = [NormOf(statistics, actual.Norm), statistics[1], statistics[2], statistics[3] / count,
                    statistics[4] / count];
                for (int k = 0; k < seen.Length; k++)
                {
                    if (!RuleValues.Same(seen[k], due[k]) && seen[k] != due[k])
                    {
                        return FormattableString.Invariant(
                            $"{spec.Observed[i].Name} was observed as {actual} in tensor {tensor}, where it is {string.Join(", ", due)}");
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The root of the squares' sum to the bit, unless that overflows or vanishes: then to the last digits.</summary>
    private static double NormOf(double[] statistics, double seen)
        => double.IsNaN(statistics[0]) || statistics[0] is > 1e-280 and < double.PositiveInfinity ? Math.Sqrt(statistics[0])
            : Math.Abs(Math.Min(seen, double.MaxValue) - Math.Min(statistics[5], double.MaxValue)) <= 1e-13 * statistics[5] ? seen
            : statistics[5];

    /// <summary>Of the values' bits, but that NaN is NaN.</summary>
    private static int Digest(ReadOnlySpan<T> values)
    {
        var hash = default(HashCode);
        foreach (T value in values)
        {
            hash.Add(T.IsNaN(value) ? double.NaN : double.CreateTruncating(value));
            hash.Add(T.IsNegative(value) && !T.IsNaN(value));
        }

        return hash.ToHashCode();
    }

    private string? Difference(Pair run)
    {
        // In which order is not compared with the declaration: it needs all inputs of a point's member first, those that the body leaves
        // aside, too. And it is not observed, which may take gradients at points that the step alone does not need.
        bool isInOrder = run.Plan.Beside == Beside.OneLane, isAlike = isInOrder
            || (run.Plan.Beside == Beside.Declaration && !run.Kernel.Observing);
        if (isAlike
            && !(isInOrder ? run.KernelPoints.SequenceEqual(run.OtherPoints)
                : run.KernelPoints.Order().SequenceEqual(run.OtherPoints.Order())))
        {
            return $"gradients were asked for at {run.KernelPoints.Count} points, at {run.OtherPoints.Count} beside it ({run.Plan.Beside}), or at others{(isInOrder ? ", or in another order" : "")}";
        }

        string? wrong = Difference("parameter", run.Plan, run.Tested.ReadOnlyValues,
            run.Interpreter is null ? run.Expected.ReadOnlyValues : run.Parameters);
        for (int i = 0; i < spec.Buffers.Count && wrong is null; i++)
        {
            string name = spec.Buffers[i].Name;
            wrong = Difference(name, run.Plan, run.Kernel.State[name],
                run.Interpreter is null ? run.Other.State[name] : run.Interpreter.Buffers[i]);
        }

        if (wrong is not null)
        {
            return wrong;
        }

        OptimizerSnapshot<T> actual = run.Kernel.Snapshot(), expected = run.Other.Snapshot();
        for (int i = 0; i < spec.Carried.Count && wrong is null; i++)
        {
            // Factors of averages are no states; what they come to is seen in what is made with them.
            if (TRule.Schema.States.Any(state => state.Kind != StateKind.PerParameter && state.Name == spec.Carried[i].Name))
            {
                double[] seen = Carried(run, actual, i);
                double[] due = run.Interpreter is null ? Carried(run, expected, i) : [.. run.Interpreter.Carried[i].Select(AsDouble)];
                wrong = Difference(spec.Carried[i].Name, run.Plan, seen, due);
            }
        }

        return wrong;
    }

    private double[] Carried(Pair run, OptimizerSnapshot<T> snapshot, int index)
    {
        CarriedSpec carried = spec.Carried[index];
        return carried.Kind == Generator.Model.Kind.Group
            ? [.. run.Kernel.Groups.Keys.OrderBy(group => Array.IndexOf(Groups, group))
                .Select(group => snapshot.GetUniformState(group, carried.Name))]
            : [.. run.Tested.Tensors.SelectMany(tensor => snapshot.GetTensorState(tensor.Name, carried.Name).ToArray())];
    }

    private static double AsDouble(object value) => value is bool condition ? condition ? 1 : 0
        : Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Difference<N>(string what, RulePlan plan, ReadOnlySpan<N> actual, ReadOnlySpan<N> expected)
        where N : unmanaged, IBinaryFloatingPointIeee754<N>
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

    private static string? Difference<N>(string what, RulePlan plan, N[] actual, N[] expected)
        where N : unmanaged, IBinaryFloatingPointIeee754<N>
        => Difference<N>(what, plan, actual.AsSpan(), expected.AsSpan());

    /// <summary>
    /// A step throws where a gradient, a state or the new parameter is not finite, and nowhere else. States of one value a
    /// group are not looked at. A gradient that the rule does not read is not noticed by the pass, but may be found by the
    /// search that follows a sum of finite values which overflowed; so may a parameter that was not finite before the step.
    /// </summary>
    private string? Fault(Pair run, bool thrown, T[] before)
    {
        bool inGradient = !RuleValues.AllFinite<T>(run.Tested.Gradients), due = (ReadsGradient && inGradient)
            || !RuleValues.AllFinite(run.Tested.ReadOnlyValues);
        foreach (string state in run.Kernel.State.Names)
        {
            due |= !RuleValues.AllFinite(run.Kernel.State[state]);
        }

        due &= run.Plan.NoticesFaults && !TakesPoint;
        return due == thrown || (thrown && inGradient && run.Plan.NoticesFaults) ? null
            : due ? "a value that is not finite was missed"
            : $"a value that is not finite was reported for nothing{(RuleValues.AllFinite<T>(before) ? "" : ", but that a parameter was not before")}";
    }

    /// <summary>Whether it is a reduction, or a state of one value per group, tensor, row or column, that is not finite.</summary>
    private static bool IsOfMany(Exception? thrown) => thrown is NonFiniteException { Quantity: var quantity }
        && (thrown.Message.Contains("which is infinite in float", StringComparison.Ordinal)
            || TRule.Schema.Reductions.Any(reduction => reduction.Name == quantity)
            || TRule.Schema.Members.Any(member => member.Name == quantity && member.Reduction is not null)
            || TRule.Schema.States.Any(state => state.Name == quantity && state.Kind != StateKind.PerParameter));

    private bool ReadsGradient { get; } = Reaches(spec);

    /// <summary>Whether what the rule stores depends on the gradient in the step itself.</summary>
    private static bool Reaches(RuleSpec spec)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(spec.Buffers.Select(buffer => buffer.Stored).Concat(spec.Carried.Select(carried => carried.Stored))
            .Append(spec.Update));
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
}
