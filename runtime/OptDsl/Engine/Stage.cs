using System.Collections.Immutable;
using System.Numerics;
using OptDsl.Contract;
using OptDsl.Threads;

namespace OptDsl.Engine;

/// <summary>
/// The passes between two barriers. A tensor that fits in the cache goes through all of them at once. A larger tensor is divided, pass by
/// pass, into tiles that several threads can sweep. Passes that do not depend on tensors sweep neighbouring tensors together.
/// </summary>
internal sealed unsafe class Stage<T, TRule> : ITiledWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // The largest tensor, in parameters, that goes through all passes at once: a few buffers of it fit in the second-level cache.
    private const int LargestWhole = 65_536;

    // A multiple of the blocks of reductions.
    private const int TileLength = 4 * ReductionTree.Block;

    private readonly TensorPass<T, TRule>[] passes;
    private readonly bool isChecked;
    private readonly TensorUnit<T, TRule>[] units;
    private readonly bool isRowWise;
    private readonly List<(int First, int End)> small = [];
    private readonly List<int> large = [];
    private readonly int threads;

    // The large tensor whose pass is running; null while small ones are swept.
    private TensorUnit<T, TRule>? cut;
    private int pass, faults;
    private T* output;

    /// <param name="schema">The rule's schema.</param>
    /// <param name="sequence">The passes from one barrier to the next.</param>
    /// <param name="hostSteps">The work of the host after each pass.</param>
    /// <param name="kernels">The rule's kernels, by number.</param>
    /// <param name="units">The tensors, in order.</param>
    /// <param name="segments">Runs of neighbouring tensors of a group.</param>
    /// <param name="seed">The optimizer's seed.</param>
    /// <param name="threads">The number of threads that may take part.</param>
    /// <param name="toCaller">Whether a pass writes the caller's memory, which is not laid out like the parameters.</param>
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

    /// <summary>The work of the host after each pass, when the stage has ended.</summary>
    internal HostStep[][] HostSteps { get; }

    /// <summary>The uniform computation per group before the stage, or -1.</summary>
    internal int GroupPhase { get; }

    /// <summary>Whether there is no work between this stage and the next one.</summary>
    internal bool EndsByItself { get; }

    /// <summary>The stage as one sweep over everything, if it is one; else null.</summary>
    internal SweepWork<T>? Together { get; }

    /// <summary>Whether it stores parameters or states.</summary>
    internal bool Stores { get; }

    /// <summary>Runs the passes.</summary>
    /// <param name="team">Divides the work among threads; null for the calling thread alone.</param>
    /// <param name="wake">Whether to wake sleeping threads.</param>
    /// <param name="destination">The caller's memory, laid out like the states, or null.</param>
    /// <returns>Whether a value that was read or computed may not be finite.</returns>
    internal bool Run(WorkTeam? team, bool wake, T* destination)
    {
        if (Together is not null)
        {
            return Together.Sweep(team, threads, wake);
        }

        output = destination;
        if (isChecked)
        {
            // On the caller's thread, and before anything is written, because it can throw.
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

    /// <summary>A tensor that is swept row by row is not divided, because the sums of its columns take the rows in order.</summary>
    private bool IsLarge(TensorUnit<T, TRule> unit) => unit.Length > LargestWhole && !isRowWise;
}
