using System.Collections.Immutable;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>
/// The passes between two barriers. A tensor that fits in the cache goes through all of them at once; a larger one is cut, pass by
/// pass, into tiles that several threads can sweep; passes that know no tensors go over neighbouring ones together.
/// </summary>
internal sealed unsafe class Stage<T, TRule> : ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Parameters of a tensor up to which it goes through all passes at once: a few buffers of it fit in the second cache.
    private const int LargestWhole = 65_536;

    // Whole blocks of reductions.
    private const int TileLength = 4 * ReductionTree.Block;

    private readonly TensorPass<T, TRule>[] passes;
    private readonly bool isChecked;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly bool isRowWise;
    private readonly List<(int First, int End)> small = [];
    private readonly List<int> large = [];
    private readonly int threads;

    // The large tensor whose pass is under way; null while small ones are swept.
    private TensorUnit<T, TRule>? cut;
    private int pass, faults;
    private T* output;

    /// <param name="schema">The rule's.</param>
    /// <param name="sequence">The passes, from a barrier to the next.</param>
    /// <param name="hostSteps">By pass, what the host does after it.</param>
    /// <param name="kernels">The rule's, by number.</param>
    /// <param name="units">The tensors, in order.</param>
    /// <param name="segments">Runs of neighbouring tensors of a group.</param>
    /// <param name="seed">The optimizer's.</param>
    /// <param name="threads">Threads that may take part.</param>
    /// <param name="toCaller">Whether a pass writes memory that is not laid out like the parameters.</param>
    internal Stage(
        RuleSchema schema, ImmutableArray<PassSchema> sequence, HostStep[][] hostSteps, Kernel<T>[] kernels, TensorUnit<T, TRule>[] units,
        KernelBlock<T>[] segments, OptimizerSeed seed, int threads, bool toCaller)
    {
        this.units = units;
        this.threads = threads;
        passes = [.. sequence.Select(pass => new TensorPass<T, TRule>(
            schema, pass, pass.Sweep < 0 ? default : kernels[pass.Sweep], seed, threads))];
        Passes = sequence;
        HostSteps = hostSteps;
        GroupPhase = sequence[0].GroupPhase;
        isChecked = sequence[0].IsChecked;
        Stores = sequence.Any(pass => pass.Stores);
        EndsByItself = !sequence.Any(pass => !pass.Reductions.IsEmpty) && !hostSteps.Any(steps => steps.Length > 0);
        isRowWise = sequence.Any(pass => pass.IsRowWise);
        bool perTensor = toCaller || sequence.Any(pass => pass.IsLocal || pass.TensorPhase >= 0 || !pass.Noises.IsEmpty);
        if (!perTensor && sequence is [{ Sweep: >= 0 } only])
        {
            Together = new SweepWork<T>(kernels[only.Sweep], segments, threads, only.UniformStart * UniformFrame.Lanes<T>());
            return;
        }

        for (int first = 0; first < units.Length;)
        {
            if (IsLarge(units[first]))
            {
                large.Add(first++);
                continue;
            }

            int end = first, total = 0;
            while (end < units.Length && !IsLarge(units[end]) && (end == first || total + units[end].Length <= TileLength))
            {
                total += units[end++].Length;
            }

            small.Add((first, end));
            first = end;
        }
    }

    /// <summary>The passes.</summary>
    internal ImmutableArray<PassSchema> Passes { get; }

    /// <summary>By pass, what the host does after it, when the stage has ended.</summary>
    internal HostStep[][] HostSteps { get; }

    /// <summary>What is computed once per group before it, or -1.</summary>
    internal int GroupPhase { get; }

    /// <summary>Whether nothing is to do between it and the next one.</summary>
    internal bool EndsByItself { get; }

    /// <summary>The stage as one sweep over everything, where it is one.</summary>
    internal SweepWork<T>? Together { get; }

    /// <summary>Whether it stores parameters or states.</summary>
    internal bool Stores { get; }

    /// <summary>Runs the passes.</summary>
    /// <param name="team">What divides the work; null for the calling thread alone.</param>
    /// <param name="wake">Whether to wake threads that sleep.</param>
    /// <param name="destination">The caller's memory, laid out like the states, or null.</param>
    /// <returns>Whether a value met or made may not be finite.</returns>
    internal bool Run(WorkTeam? team, bool wake, T* destination)
    {
        if (Together is not null)
        {
            return Together.Sweep(team, threads, wake);
        }

        output = destination;
        if (isChecked)
        {
            // On the caller's thread, and before anything is written: it can throw.
            foreach (TensorUnit<T, TRule> unit in units)
            {
                passes[0].Prepare(unit);
            }
        }

        Do(small.Count, team, wake);
        foreach (int unit in large)
        {
            for (pass = 0; pass < passes.Length; pass++)
            {
                SweepLarge(unit, team, wake);
            }
        }

        bool fault = faults != 0;
        faults = 0;
        return fault;
    }

    /// <inheritdoc/>
    public void Run(int tile)
    {
        bool fault = false;
        if (cut is null)
        {
            for (int unit = small[tile].First; unit < small[tile].End; unit++)
            {
                foreach (TensorPass<T, TRule> each in passes)
                {
                    fault |= Advance(each, units[unit]);
                }
            }
        }
        else
        {
            fault = passes[pass].Sweep(cut, tile * TileLength, Math.Min(TileLength, cut.Length - (tile * TileLength)), OutputOf(cut));
        }

        if (fault)
        {
            Volatile.Write(ref faults, 1);
        }
    }

    private void SweepLarge(int index, WorkTeam? team, bool wake)
    {
        TensorUnit<T, TRule> unit = units[index];
        Prepare(passes[pass], unit);
        if (passes[pass].Pass.Sweep < 0)
        {
            return;
        }

        cut = unit;
        Do((unit.Length + TileLength - 1) / TileLength, team, wake);
        cut = null;
        passes[pass].Finish(unit);
    }

    private bool Advance(TensorPass<T, TRule> each, TensorUnit<T, TRule> unit)
    {
        Prepare(each, unit);
        if (each.Pass.Sweep < 0)
        {
            return false;
        }

        bool fault = each.Sweep(unit, 0, unit.Length, OutputOf(unit));
        each.Finish(unit);
        return fault;
    }

    private static void Prepare(TensorPass<T, TRule> each, TensorUnit<T, TRule> unit)
    {
        if (!each.Pass.IsChecked)
        {
            each.Prepare(unit);
        }
    }

    private T* OutputOf(TensorUnit<T, TRule> unit) => output is null ? null : output + unit.Place;

    private void Do(int tiles, WorkTeam? team, bool wake)
    {
        if (team is not null && threads > 1 && tiles > 1)
        {
            team.Run(this, tiles, threads, wake);
            return;
        }

        for (int tile = 0; tile < tiles; tile++)
        {
            Run(tile);
        }
    }

    /// <summary>A tensor that goes row by row is not cut: its columns' sums take the rows in order.</summary>
    private bool IsLarge(TensorUnit<T, TRule> unit) => unit.Length > LargestWhole && !isRowWise;
}
