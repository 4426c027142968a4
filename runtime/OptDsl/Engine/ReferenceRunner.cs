using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// Runs the declaration: one member after another over all tensors, with the rule's own methods. It does not know about passes.
/// </summary>
internal sealed class ReferenceRunner<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly RuleSchema schema = TRule.Schema;
    private readonly OptimizerState<T> state;
    private readonly OptimizerSeed seed;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly PointEvaluator<T, TRule> points;
    private readonly OptimizerUse use;
    private readonly bool watches;
    private NonFiniteException? overflow;

    // The values of every member. They are created in the first step that is made this way.
    private ReferenceFrame[] frames = [];

    /// <param name="state">The optimizer's states.</param>
    /// <param name="units">The optimizer's tensors.</param>
    /// <param name="seed">The optimizer's seed.</param>
    /// <param name="points">Takes gradients at other points.</param>
    /// <param name="use">The optimizer's use. The author's methods count as the caller's code.</param>
    /// <param name="watches">Whether to check the values of reductions.</param>
    internal ReferenceRunner(
        OptimizerState<T> state, TensorUnit<T, TRule>[] units, OptimizerSeed seed, PointEvaluator<T, TRule> points, OptimizerUse use,
            bool watches)
    {
        this.points = points;
        this.use = use;
        this.watches = watches;
        this.state = state;
        this.units = units;
        this.seed = seed;
    }

    /// <summary>Makes a step. Nothing is written before all new values are known.</summary>
    /// <param name="step">The number of the step.</param>
    /// <param name="loss">The loss given to the step.</param>
    /// <returns>Whether the step was made or was refused.</returns>
    internal HostOutcome Step(int step, double loss)
    {
        use.BeginCallback(Doing.Working);
        try
        {
            return StepWithin(step, loss);
        }
        finally
        {
            use.EndCallback();
        }
    }

    /// <summary>A reduction of the last step that is not finite, or null. The next call returns null.</summary>
    internal NonFiniteException? TakeOverflow()
    {
        NonFiniteException? found = overflow;
        overflow = null;
        return found;
    }

    private HostOutcome StepWithin(int step, double loss)
    {
        NonFiniteException? bad = null;
        if (frames.Length != units.Length)
        {
            frames = [.. units.Select(unit => new ReferenceFrame(schema, unit.Frame.Rows, unit.Frame.Columns, unit.Frame.Rank))];
        }

        for (int i = 0; i < units.Length; i++)
        {
            Load(units[i], frames[i], step, loss);
        }

        for (int member = 0; member <= schema.Members.Length; member++)
        {
            for (int i = 0; i < units.Length; i++)
            {
                units[i].Group.InForce.Reference(member, frames[i]);
                if (member < schema.Members.Length && schema.Members[member].Reduction is { } reduction)
                {
                    Reduce(reduction, frames[i], frames[i].Values(member));
                }
            }

            if (member < schema.Members.Length)
            {
                ReduceWider(member);
                bad ??= watches ? NotANumber(member, step) : null;
                if (!Evaluate(member))
                {
                    return HostOutcome.Refused;
                }
            }
        }

        for (int i = 0; i < units.Length; i++)
        {
            Store(units[i], frames[i]);
        }

        overflow = bad;
        return HostOutcome.Continue;
    }

    private NonFiniteException? NotANumber(int member, int step)
    {
        for (int i = 0; i < units.Length && schema.Members[member].Reduction is not null; i++)
        {
            if (units[i].Length > 0
                && ReductionWatch.Find(schema.Members[member], frames[i].Values(member), units[i].Tensor.Name, step) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private void Load(TensorUnit<T, TRule> unit, ReferenceFrame frame, int step, double loss)
    {
        frame.Step = step;
        frame.Loss = loss;
        Widen(unit.Tensor.ReadOnlyValues, frame.Parameter);
        Widen(unit.Tensor.Gradients, frame.Gradient);
        for (int i = 0; i < schema.BufferCount; i++)
        {
            Widen(state.Buffer(i).Slice(unit.Place, unit.Length), frame.Buffers(i));
        }

        for (int i = 0; i < schema.CarriedCount; i++)
        {
            if (schema.CarriedKinds[i] == ValueKind.Group)
            {
                frame.Carried(i)[0] = unit.Group.Frame.Carried[i];
            }
            else
            {
                unit.Frame.AllCarried[i].CopyTo(frame.Carried(i), 0);
            }
        }

        int inputs = 0;
        for (int i = 0; i < schema.Inputs.Length; i++)
        {
            InputSchema input = schema.Inputs[i];
            if (input.Source == InputSource.PerParameter)
            {
                Widen(state.Buffer(schema.BufferCount + schema.ScratchCount + inputs++).Slice(unit.Place, unit.Length), frame.Inputs(i));
            }
            else if (input.Source == InputSource.PerTensor)
            {
                frame.Inputs(i)[0] = unit.Frame.Input(i);
            }
            else if (input.IsNoise)
            {
                Draw(unit, frame, i);
            }
        }
    }

    private void Draw(TensorUnit<T, TRule> unit, ReferenceFrame frame, int index)
    {
        InputSchema input = schema.Inputs[index];
        double[] draws = frame.Inputs(index);
        for (int i = 0; i < draws.Length; i++)
        {
            int place = unit.Tensor.Offset;
            draws[i] = input.Scope switch
            {
                Scope.Parameter => double.CreateTruncating(seed.Draw<T>(input, place + i)),
                Scope.Row => Declared(input, place + (i * frame.Columns)),
                Scope.Column => Declared(input, place + i),
                Scope.Tensor => Declared(input, place),
                Scope.Group => Declared(input, unit.Group.Place),
                _ => Declared(input, 0),
            };
        }
    }

    /// <summary>A draw for a row, column, tensor or group is made in the element type of the declaration.</summary>
    private double Declared(InputSchema input, int place)
        => typeof(TRule).IsAssignableTo(typeof(IUpdateRule<double>)) ? seed.Draw<double>(input, place) : seed.Draw<float>(input, place);

    private static void Reduce(ReductionSchema reduction, ReferenceFrame frame, double[] values)
    {
        double[] all = frame.Contributions;
        switch (reduction.Scope)
        {
            case Scope.Row:
                for (int row = 0; row < frame.Rows; row++)
                {
                    int start = row * frame.Columns;
                    values[row] = Mean(reduction, ReductionTree.Of(reduction.Operator, all.AsSpan(start, frame.Columns), start),
                        frame.Columns);
                }

                break;
            case Scope.Column:
                for (int column = 0; column < frame.Columns; column++)
                {
                    double value = ReductionTree.Identity(reduction.Operator);
                    for (int row = 0; row < frame.Rows; row++)
                    {
                        value = ReductionTree.Combine(reduction.Operator, value, all[(row * frame.Columns) + column]);
                    }

                    values[column] = Mean(reduction, value, frame.Rows);
                }

                break;
            case Scope.Tensor:
                values[0] = Mean(reduction, ReductionTree.Of(reduction.Operator, all, 0), frame.Count);
                break;
            default:
                values[0] = ReductionTree.Of(reduction.Operator, all, 0);
                break;
        }

        Round(values);
    }

    private static void Round(double[] values)
    {
        if (!typeof(TRule).IsAssignableTo(typeof(IUpdateRule<double>)))
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)values[i];
            }
        }
    }

    private void ReduceWider(int member)
    {
        if (schema.Members[member].Reduction is { Scope: Scope.Group or Scope.Global } reduction)
        {
            ReduceWider(member, reduction);
        }
    }

    private void ReduceWider(int member, ReductionSchema reduction)
    {
        double[] totals = [.. frames.Select(frame => ReductionTree.Of(reduction.Operator, frame.Contributions, 0))];
        foreach (IGrouping<object, int> together in Enumerable.Range(0, units.Length)
            .GroupBy(i => reduction.Scope == Scope.Global ? this : (object)units[i].Group))
        {
            double value = ReductionTree.Identity(reduction.Operator);
            int count = 0;
            foreach (int i in together)
            {
                value = ReductionTree.Combine(reduction.Operator, value, totals[i]);
                count += frames[i].Count;
            }

            foreach (int i in together)
            {
                frames[i].Values(member)[0] = Mean(reduction, value, count);
                Round(frames[i].Values(member));
            }
        }
    }

    /// <summary>Takes the gradients at the points that a member's values are.</summary>
    /// <returns>False if the step is refused.</returns>
    private bool Evaluate(int member)
    {
        // Inputs that name the same point share one evaluation.
        bool isTaken = false;
        for (int input = 0; input < schema.Inputs.Length; input++)
        {
            if (schema.Inputs[input] is { Source: InputSource.GradientAt } at && at.Member == member)
            {
                if (!isTaken && !TakeGradient(member))
                {
                    return false;
                }

                isTaken = true;
                for (int i = 0; i < units.Length; i++)
                {
                    Widen(points.Scratch(0).Slice(units[i].Place, units[i].Length), frames[i].Inputs(input));
                }
            }
        }

        return true;
    }

    /// <summary>Writes the gradients to the first scratch buffer. Returns whether the step goes on.</summary>
    private bool TakeGradient(int member)
    {
        for (int i = 0; i < units.Length; i++)
        {
            Narrow(frames[i].Values(member), points.Scratch(0).Slice(units[i].Place, units[i].Length));
        }

        HostResult result = points.TakeGradient(0);
        return result.Outcome == HostOutcome.Fault ? throw result.Cause! : result.Outcome == HostOutcome.Continue;
    }

    private void Store(TensorUnit<T, TRule> unit, ReferenceFrame frame)
    {
        Narrow(frame.NextParameter, unit.Tensor.Values);
        for (int i = 0; i < schema.BufferCount; i++)
        {
            Narrow(frame.NextBuffers(i), state.Buffer(i).Slice(unit.Place, unit.Length));
        }

        for (int i = 0; i < schema.CarriedCount; i++)
        {
            if (schema.CarriedKinds[i] == ValueKind.Group)
            {
                unit.Group.Frame.NextCarried[i] = frame.NextCarried(i)[0];
            }
            else
            {
                frame.NextCarried(i).CopyTo(unit.Frame.AllNextCarried[i], 0);
            }
        }
    }

    private static double Mean(ReductionSchema reduction, double value, int count) => reduction.Operator == Reduction.Mean ? value / count
        : value;

    private static void Widen(ReadOnlySpan<T> from, double[] to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }
    }

    private static void Narrow(double[] from, Span<T> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }
}
