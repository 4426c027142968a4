using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>One tensor as the passes see it: its memory, its frame, and what its reductions have come to.</summary>
internal sealed class TensorUnit<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    internal TensorUnit(ParameterTensor<T> tensor, OptimizerGroup<T, TRule> group, TensorFrame<T> frame, KernelBlock<T> block, int place,
        RuleSchema schema)
    {
        Tensor = tensor;
        Group = group;
        Frame = frame;
        Block = block;
        Place = place;
        int blocks = (tensor.Length + ReductionTree.Block - 1) / ReductionTree.Block;
        Blocks = schema.Reductions.IsEmpty ? []
            : [.. schema.Reductions.Select(reduction => reduction.Scope is Scope.Row or Scope.Column ? [] : new double[blocks])];
        Observed = schema.Observed.IsEmpty ? [] : new double[schema.Observed.Sum(observed => observed.Statistics.Length)];
        Totals = schema.Reductions.IsEmpty ? [] : new double[schema.Reductions.Length];
    }

    internal ParameterTensor<T> Tensor { get; }

    internal OptimizerGroup<T, TRule> Group { get; }

    internal TensorFrame<T> Frame { get; }

    internal KernelBlock<T> Block { get; }

    /// <summary>Where its values begin in each buffer of state.</summary>
    internal int Place { get; }

    internal int Length => Tensor.Length;

    /// <summary>By reduction, what each block of the tensor has come to.</summary>
    internal double[][] Blocks { get; }

    /// <summary>What the last observed step recorded, one observed member's statistics after another's.</summary>
    internal double[] Observed { get; }

    /// <summary>By reduction over more than the tensor, what the tensor contributes.</summary>
    internal double[] Totals { get; }
}
