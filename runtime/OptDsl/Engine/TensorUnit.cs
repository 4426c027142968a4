using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>One tensor for the passes: its memory, its frame, and the results of its reductions.</summary>
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

    /// <summary>The place of its first value in each buffer of state.</summary>
    internal int Place { get; }

    internal int Length => Tensor.Length;

    /// <summary>The result of each block of the tensor, by reduction.</summary>
    internal double[][] Blocks { get; }

    /// <summary>The statistics that the last observed step recorded, one observed member after another.</summary>
    internal double[] Observed { get; }

    /// <summary>The contribution of the tensor to each reduction over several tensors, by reduction.</summary>
    internal double[] Totals { get; }
}
