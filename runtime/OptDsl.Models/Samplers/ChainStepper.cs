using System.Numerics;
using OptDsl.Checkpoints;

namespace OptDsl.Models;

/// <summary>A rule bound to chains, where only the chains' element is known.</summary>
/// <typeparam name="T">The element, float or double.</typeparam>
internal abstract class ChainStepper<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Langevin steps of chains that have step sizes and inverse temperatures of their own.</summary>
    internal static ChainStepper<T> OfProposals(Chains<T> chains, OnNonFinite onNonFinite)
    {
        // A rule steps float and double, but C# cannot say that it steps every T.
        OptimizerOptions options = chains.OptimizerOptions(onNonFinite);
        return chains.Buffer switch
        {
            ParameterBuffer<double> buffer => (ChainStepper<T>)(object)new ChainStepper<double, LangevinProposal>(buffer, new LangevinProposal(), options),
            ParameterBuffer<float> buffer => (ChainStepper<T>)(object)new ChainStepper<float, LangevinProposal>(buffer, new LangevinProposal(), options),
            _ => throw new NotSupportedException($"The element must be float or double, not {typeof(T).Name}."),
        };
    }

    internal abstract void Step();

    internal abstract Span<T> Input(string name);

    internal abstract ReadOnlySpan<T> State(string name);

    internal abstract void Save(string path, CheckpointCompanion companion);

    internal abstract void Load(string path, CheckpointCompanion companion);
}

/// <inheritdoc/>
internal sealed class ChainStepper<T, TRule>(ParameterBuffer<T> buffer, TRule rule, OptimizerOptions options) : ChainStepper<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    private readonly Optimizer<T, TRule> optimizer = buffer.Optimize(rule, options);

    internal override void Step() => optimizer.Step();

    internal override Span<T> Input(string name) => optimizer.Input(name);

    internal override ReadOnlySpan<T> State(string name) => optimizer.State[name];

    internal override void Save(string path, CheckpointCompanion companion) => optimizer.Save(path, companion, CancellationToken.None);

    internal override void Load(string path, CheckpointCompanion companion) => optimizer.Load(path, companion);
}
