using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>
/// Detects reductions of a rule that are not finite. A sum of squares of finite gradients can overflow, and a rule that divides by it would
/// stop moving without any error. A maximum or minimum may be infinite, because an author can intend that.
/// </summary>
internal sealed class ReductionWatch
{
    private readonly RuleSchema schema;
    private readonly bool[] isOwn;

    private ReductionWatch(RuleSchema schema, bool[] isOwn)
    {
        this.schema = schema;
        this.isOwn = isOwn;
    }

    /// <summary>
    /// The watch of a rule; null if its steps reduce nothing. Reductions that are only observed do not count, because they change no step.
    /// </summary>
    internal static ReductionWatch? Of(RuleSchema schema)
    {
        var isOwn = new bool[schema.Reductions.Length];
        IEnumerable<PassSchema> passes = schema.Sequences.Where(sequence => sequence.Kind != SequenceKind.Observed)
            .SelectMany(sequence => sequence.Passes);
        foreach (int id in passes.SelectMany(pass => pass.Reductions))
        {
            isOwn[id] = true;
        }

        return isOwn.Contains(true) ? new ReductionWatch(schema, isOwn) : null;
    }

    /// <summary>Finds a reduction of a pass that is not finite; null if there is none.</summary>
    internal NonFiniteException? Find<T, TRule>(PassSchema pass, OptimizerGroup<T, TRule>[] groups, TensorUnit<T, TRule>[] units,
        Written written)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        foreach (int id in pass.Reductions)
        {
            if (!isOwn[id])
            {
                continue;
            }

            ReductionSchema reduction = schema.Reductions[id];
            if (reduction.Scope is Scope.Group or Scope.Global)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    if (FirstBad(reduction.Operator, group.Frame.Reductions.Slice(id, 1)) >= 0)
                    {
                        string where = reduction.Scope == Scope.Global ? "all tensors" : $"group '{group.Name}'";
                        return Exception(reduction.Name, where, "", 0, group.Frame.Reductions[id], group.Frame.Step, written);
                    }
                }

                continue;
            }

            foreach (TensorUnit<T, TRule> unit in units)
            {
                ReadOnlySpan<double> values = reduction.Scope switch
                {
                    Scope.Row => unit.Frame.RowReductions(id),
                    Scope.Column => unit.Frame.ColumnReductions(id),
                    _ => unit.Frame.Reductions.Slice(id, 1),
                };
                if (unit.Length > 0 && FirstBad(reduction.Operator, values) is >= 0 and int index)
                {
                    return Exception(reduction.Name, Place(reduction.Scope, unit.Tensor.Name, index), unit.Tensor.Name, index,
                        values[index], unit.Group.Frame.Step, written);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Finds a value that phases since the last call computed from reductions and that is infinite only in float; null if there is none.
    /// </summary>
    internal static NonFiniteException? Take<T, TRule>(OptimizerGroup<T, TRule>[] groups, TensorUnit<T, TRule>[] units, Written written)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        NonFiniteException? found = null;
        foreach (OptimizerGroup<T, TRule> group in groups)
        {
            if (group.Frame.Overflow is { } past)
            {
                found ??= Exception(past, $"group '{group.Name}'", "", group.Frame.Step, written);
                group.Frame.Overflow = null;
            }
        }

        foreach (TensorUnit<T, TRule> unit in units)
        {
            if (unit.Frame.Overflow is { } past)
            {
                Scope scope = past.Kind switch { ValueKind.Row => Scope.Row, ValueKind.Column => Scope.Column, _ => Scope.Tensor };
                found ??= Exception(past, Place(scope, unit.Tensor.Name, past.Index), unit.Tensor.Name, unit.Group.Frame.Step, written);
                unit.Frame.Overflow = null;
            }
        }

        return found;
    }

    private static NonFiniteException Exception(UniformOverflow past, string where, string tensor, int step, Written written)
        => new(
            string.Create(CultureInfo.InvariantCulture,
                $"Step {step}: '{past.Name}' of {where} is {past.Value}, which is infinite in float, and parameters read it in float. {Consequence(written)}. Scale the loss down, or use a buffer of double."),
            step, past.Name, tensor, past.Index, past.Value);

    /// <summary>Finds a member's reduction that is not finite, as the declaration computes it. The step is completed first.</summary>
    internal static NonFiniteException? Find(MemberSchema member, ReadOnlySpan<double> values, string tensor, int step)
        => member.Reduction is { } reduction && FirstBad(reduction.Operator, values) is >= 0 and int index
            ? Exception(member.Name, Place(reduction.Scope, tensor, index), reduction.Scope is Scope.Group or Scope.Global ? "" : tensor,
                index, values[index], step, Written.Step)
            : null;

    private static int FirstBad(Reduction combine, ReadOnlySpan<double> values)
    {
        bool mayBeInfinite = combine is Reduction.Max or Reduction.Min;
        if (mayBeInfinite ? !TensorPrimitives.IsNaNAny(values) : TensorPrimitives.IsFiniteAll(values))
        {
            return -1;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (mayBeInfinite ? double.IsNaN(values[i]) : !double.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Place(Scope scope, string tensor, int index) => scope switch
    {
        Scope.Row => string.Create(CultureInfo.InvariantCulture, $"row {index} of tensor '{tensor}'"),
        Scope.Column => string.Create(CultureInfo.InvariantCulture, $"column {index} of tensor '{tensor}'"),
        Scope.Tensor => $"tensor '{tensor}'",
        Scope.Group => $"the group of tensor '{tensor}'",
        _ => "all tensors",
    };

    private static NonFiniteException Exception(string name, string where, string tensor, int index, double value, int step,
        Written written)
        => new(
            string.Create(CultureInfo.InvariantCulture,
                $"Step {step}: the reduction '{name}' over {where} is {value}. {Consequence(written)}. Reductions are computed in double, where finite gradients and parameters can still overflow: scale the loss down."),
            step, name, tensor, index, value);

    private static string Consequence(Written written) => written switch
    {
        Written.Step => "The step was made with it: restore the parameters and states",
        Written.Destination => "No state was written, but elements of the destination were; do not use them",
        _ => "Nothing was written",
    };
}

/// <summary>What had been written when a reduction was found that is not finite.</summary>
internal enum Written
{
    Nothing,

    /// <summary>Elements of the caller's memory for a search direction.</summary>
    Destination,

    /// <summary>Parameters or states.</summary>
    Step,
}
