using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using OptDsl.Kernels;

namespace OptDsl;

/// <summary>
/// A rule bound to a parameter buffer: it owns the rule's state, laid out like the parameters, and the walk over them.
/// Made by <see cref="ParameterBuffer{T}.Optimize{TRule}"/>. Not thread-safe.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
public sealed class Optimizer<T, TRule>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    // Parameters from which a second thread pays if it is awake, as in a tight loop, and if it must be woken.
    private const int CountForThreads = 32_768, CountForWaking = 524_288, MaxThreads = 1024;

    private readonly ParameterBuffer<T> buffer;
    private readonly OptimizerOptions options;
    private readonly SimdWidth width;
    private readonly Kernel<T> kernel;
    private readonly Dictionary<string, OptimizerGroup<T, TRule>> groups = new(StringComparer.Ordinal);
    private readonly OptimizerGroup<T, TRule>[] groupsInOrder;
    private readonly Segment[] segments;
    private readonly SweepWork<T>? work;
    private TRule rule;
    private int refusedInARow;

    internal Optimizer(ParameterBuffer<T> buffer, TRule rule, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RefusalLimit, 1);
        if (!Enum.IsDefined(options.OnNonFinite))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.OnNonFinite, "OnNonFinite must be Throw, Ignore or Refuse.");
        }

        if (options.Threads is < 0 or > MaxThreads)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, $"Threads must be from 0 to {MaxThreads}; 0 leaves the choice to the library.");
        }

        if (TRule.Schema.Arithmetic == Arithmetic.Fused && !KernelDriver.HasFusedMultiplyAdd && !options.AllowEmulatedFusedArithmetic)
        {
            throw new PlatformNotSupportedException($"{TRule.Schema.Name} is declared with fused arithmetic, and this processor has no fused multiply-add; emulating it is some 75 times slower. Declare the rule strict, or set AllowEmulatedFusedArithmetic.");
        }

        this.buffer = buffer;
        this.rule = rule;
        this.options = options;
        width = KernelDriver.Resolve(options.Width, TRule.Schema);
        kernel = KernelDriver.Bind<T, TRule>(width, reportFaults: options.OnNonFinite != OnNonFinite.Ignore);
        State = new OptimizerState<T>(TRule.Schema, buffer);
        segments = FindSegments();
        groupsInOrder = [.. groups.Values];
        Threads = options.Threads != 0 ? options.Threads : buffer.Count >= CountForThreads ? Environment.ProcessorCount : 1;
        if (Threads > 1)
        {
            buffer.RequireThreads(Threads);
            work = new SweepWork<T>(kernel, [.. segments.Select(segment => segment.Block)], Threads);
        }
    }

    /// <summary>The rule value that steps every group without one of its own. Assign it to follow a schedule; state is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is out of its range.</exception>
    public TRule Rule
    {
        get => rule;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            rule = value;
        }
    }

    /// <summary>The groups of the buffer, by name.</summary>
    public IReadOnlyDictionary<string, OptimizerGroup<T, TRule>> Groups => groups;

    /// <summary>The rule's state, by name.</summary>
    public OptimizerState<T> State { get; }

    /// <summary>What the rule keeps and needs.</summary>
    public RuleSchema Schema => TRule.Schema;

    /// <summary>Steps made.</summary>
    public int StepCount { get; private set; }

    /// <summary>Steps refused because a gradient was not finite.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The vector width the kernel runs at.</summary>
    public SimdWidth Width => width;

    /// <summary>The threads a step runs on.</summary>
    public int Threads { get; }

    /// <summary>Makes one step from the gradients in the buffer: one fused pass over all parameters.</summary>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <returns>Whether the step was made; false only where <see cref="OnNonFinite.Refuse"/> refused it.</returns>
    /// <exception cref="NonFiniteException">A value met or made is not finite (after the pass), or too many steps in a row were refused.</exception>
    /// <exception cref="ArgumentException">A uniform condition of the rule does not hold; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public bool Step(CancellationToken cancellation = default) => Advance(reference: false, cancellation);

    /// <summary>
    /// Makes one step by the declaration itself: the author's own methods, one element at a time. It equals
    /// <see cref="Step"/> bit for bit for a strict rule on buffers of its declared element.
    /// </summary>
    /// <inheritdoc cref="Step"/>
    public bool StepReference(CancellationToken cancellation = default) => Advance(reference: true, cancellation);

    /// <summary>Copies the step count and all states.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public OptimizerSnapshot<T> Snapshot()
    {
        buffer.ThrowIfDisposed();
        return new(
            TRule.Schema, Layout(), StepCount,
            [.. Enumerable.Range(0, State.BufferCount).Select(index => State.Buffer(index).ToArray())],
            groupsInOrder.ToImmutableDictionary(group => group.Name, group => group.Frame.Carried.ToArray()));
    }

    /// <summary>
    /// Takes up where the snapshot was taken: the next step is its step count plus one, from its states. With the same
    /// parameters, gradients and rule values it makes the same bits.
    /// </summary>
    /// <param name="snapshot">Of an optimizer of the same rule, over tensors of the same names, lengths, groups and order.</param>
    /// <exception cref="ArgumentException">It is of another rule, or of other tensors; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Restore(OptimizerSnapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        buffer.ThrowIfDisposed();
        snapshot.RequireMatch(TRule.Schema, Layout());
        for (int i = 0; i < State.BufferCount; i++)
        {
            snapshot.State(i).CopyTo(State.Buffer(i));
        }

        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Frame.Restore(snapshot.Carried(group.Name));
        }

        StepCount = snapshot.StepCount;
        refusedInARow = 0;
    }

    private ImmutableArray<SnapshotTensor> Layout() => [.. buffer.Tensors.Select(tensor => new SnapshotTensor(tensor.Name, tensor.Length, tensor.Group))];

    private bool Advance(bool reference, CancellationToken cancellation)
    {
        buffer.ThrowIfDisposed();
        cancellation.ThrowIfCancellationRequested();
        if (options.OnNonFinite == OnNonFinite.Refuse && Refuse())
        {
            return false;
        }

        int step = checked(StepCount + 1);
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Prepare(step);
        }

        // From here on nothing throws before the pass is complete.
        if (step == 1)
        {
            FillState();
        }

        bool fault = false;
        if (work is not null && !reference)
        {
            fault = SweepTogether(work);
        }
        else
        {
            foreach (ref readonly Segment segment in segments.AsSpan())
            {
                fault |= reference ? SweepReference(in segment) : kernel.Sweep(in segment.Block);
            }
        }

        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Frame.Commit();
        }

        StepCount = step;
        if (fault)
        {
            NonFiniteSearch.ThrowIfFound(buffer, State, step);
        }

        return true;
    }

    private bool SweepTogether(SweepWork<T> tiles)
    {
        buffer.Team.Run(tiles, tiles.Tiles, Threads, wake: options.Threads != 0 || buffer.Count >= CountForWaking);
        return tiles.TakeFault();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillState()
    {
        foreach (Segment segment in segments)
        {
            State.Fill(segment.Group.Frame.Initials, segment.Start, segment.Length);
        }
    }

    private bool SweepReference(ref readonly Segment segment)
    {
        segment.Group.Rule.SweepReference(segment.Group.Frame, segment.Block);
        return options.OnNonFinite != OnNonFinite.Ignore;
    }

    private bool Refuse()
    {
        if (TensorPrimitives.IsFiniteAll<T>(buffer.Gradients))
        {
            refusedInARow = 0;
            return false;
        }

        RefusedCount++;
        if (++refusedInARow > options.RefusalLimit)
        {
            NonFiniteSearch.ThrowRefused(buffer, StepCount + 1, options.RefusalLimit);
        }

        return true;
    }

    private Segment[] FindSegments()
    {
        var found = new List<Segment>();
        foreach (ParameterTensor<T> tensor in buffer.Tensors)
        {
            if (!groups.TryGetValue(tensor.Group, out OptimizerGroup<T, TRule>? group))
            {
                groups.Add(tensor.Group, group = new OptimizerGroup<T, TRule>(this, tensor.Group));
            }

            if (found.Count > 0 && found[^1].Group == group)
            {
                (int start, int length) = (found[^1].Start, found[^1].Length + tensor.Length);
                found[^1] = new Segment(group, start, length, State.Block(group.Frame, start, length));
            }
            else
            {
                found.Add(new Segment(group, tensor.Offset, tensor.Length, State.Block(group.Frame, tensor.Offset, tensor.Length)));
            }
        }

        return [.. found];
    }

    /// <summary>A run of neighbouring tensors of one group.</summary>
    private readonly struct Segment(OptimizerGroup<T, TRule> group, int start, int length, KernelBlock<T> block)
    {
        internal readonly OptimizerGroup<T, TRule> Group = group;
        internal readonly int Start = start, Length = length;
        internal readonly KernelBlock<T> Block = block;
    }
}
