using System.Numerics;
using System.Runtime.CompilerServices;
using OptDsl.Threads;

namespace OptDsl;

/// <summary>
/// The parameters of a model and their gradients, in two blocks of memory that are aligned to 64 bytes. Named tensors are views of them.
/// One kernel call steps all of them.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
/// <remarks>
/// Add all tensors first. <see cref="Add"/> may move the memory, so take spans after the last call: an older span stays valid memory, but
/// no longer belongs to this buffer. Once an optimizer is bound, no tensor can be added. Use a buffer from one thread at a time. Optimizers
/// of disjoint tensors may step on different threads, and <see cref="Dispose"/> waits for them.
/// </remarks>
public sealed class ParameterBuffer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The lane of each buffer that a kernel streams through (see <see cref="AlignedMemory{T}.AllocateStream"/>); the states follow.
    /// </summary>
    internal const int ValuesLane = 0, GradientsLane = 1, StatesLane = 2;

    private const int MaxCount = AlignedMemory<T>.MaxLength;

    private readonly List<ParameterTensor<T>> tensors = [];
    private readonly Dictionary<string, ParameterTensor<T>> byName = new(StringComparer.Ordinal);
    private readonly HashSet<ParameterTensor<T>> divided = [];
    private readonly Dictionary<string, int> groupOffsets = new(StringComparer.Ordinal);
    private readonly Lock binding = new();
    private readonly bool adopted;
    private AlignedMemory<T> values, gradients;
    private WorkTeam? team;
    private bool bound, disposed;

    /// <summary>Creates a buffer that allocates its memory as tensors are added.</summary>
    public ParameterBuffer()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"The element type must be float or double, not {typeof(T).Name}.");
        }

        values = AlignedMemory<T>.AllocateStream(0, ValuesLane);
        gradients = AlignedMemory<T>.AllocateStream(0, GradientsLane);
    }

    private ParameterBuffer(AlignedMemory<T> values, AlignedMemory<T> gradients)
        : this()
    {
        this.values = values;
        this.gradients = gradients;
        adopted = true;
    }

    /// <summary>The tensors, in the order they were added.</summary>
    public IReadOnlyList<ParameterTensor<T>> Tensors => tensors;

    /// <summary>The number of parameters in all tensors together.</summary>
    public int Count { get; private set; }

    /// <summary>All parameters, tensor after tensor in row-major order.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<T> Values => Live(values).Span[..Count];

    /// <summary>All parameters, read-only, for the computations of a model.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ReadOnlySpan<T> ReadOnlyValues => Live(values).Span[..Count];

    /// <summary>All gradients, laid out like the parameters. The model fills them.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<T> Gradients => Live(gradients).Span[..Count];

    /// <summary>The tensor with the given name.</summary>
    /// <exception cref="KeyNotFoundException">The buffer has no tensor with that name.</exception>
    public ParameterTensor<T> this[string name] => byName.TryGetValue(name, out ParameterTensor<T>? tensor)
        ? tensor
        : throw new KeyNotFoundException(
            $"There is no tensor '{name}'; the tensors are {string.Join(", ", byName.Keys.Select(key => $"'{key}'"))}.");

    /// <summary>Guards the memory against overlapping uses.</summary>
    internal UseGate Gate { get; } = new();

    /// <summary>The place in the buffer of a group's first tensor.</summary>
    internal int OffsetOfGroup(string group) => groupOffsets[group];

    /// <summary>
    /// Begins a call, outside of any step, of the caller's function that evaluates a loss. Dispose the result after the call.
    /// </summary>
    internal Evaluation BeginEvaluation(bool isOfAll, string what) => new(Gate, isOfAll, what);

    internal unsafe T* ValuesPointer => values.Pointer;

    internal unsafe T* GradientsPointer => gradients.Pointer;

    /// <summary>
    /// Creates a buffer over memory that it does not own, for instance another framework's. Tensors are then added as views of that memory,
    /// in order.
    /// </summary>
    /// <param name="values">The parameters. The memory must stay in place and alive as long as the buffer is used.</param>
    /// <param name="gradients">The gradients, as many elements as <paramref name="values"/>.</param>
    /// <param name="length">The number of elements in each block; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative, or above 2^31 - 2^20 - 1.</exception>
    /// <exception cref="ArgumentException">A pointer is null or not aligned to the element, or the two blocks overlap.</exception>
    public static unsafe ParameterBuffer<T> Adopt(T* values, T* gradients, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxCount);
        CheckPointer(values, length, nameof(values));
        CheckPointer(gradients, length, nameof(gradients));
        nuint first = (nuint)values, second = (nuint)gradients, bytes = (nuint)length * (nuint)sizeof(T);
        if (length > 0 && first < second + bytes && second < first + bytes)
        {
            throw new ArgumentException("The gradients overlap the values; a step would read what it has just written.", nameof(gradients));
        }

        return new(AlignedMemory<T>.Adopt(values, length), AlignedMemory<T>.Adopt(gradients, length));
    }

    /// <summary>Adds a tensor of zeros after the last one. In an adopted buffer, adds a view of the next elements of its memory.</summary>
    /// <param name="name">The tensor's name; not blank, and not yet in the buffer.</param>
    /// <param name="shape">The length of each dimension, outermost first, each at least 1; empty for a single number.</param>
    /// <param name="group">The parameter group of the tensor.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The name is blank or taken, or the group is blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A length is below 1, or the buffer would have more elements than it can hold.
    /// </exception>
    /// <exception cref="InvalidOperationException">An optimizer is bound, so no tensor can be added.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ParameterTensor<T> Add(string name, ReadOnlySpan<nint> shape, string group = ParameterGroup.Default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        if (bound)
        {
            throw new InvalidOperationException(
                $"Cannot add tensor '{name}': an optimizer is bound to the buffer, and its state is laid out like the parameters. Add every tensor before Optimize.");
        }

        if (byName.ContainsKey(name))
        {
            throw new ArgumentException($"There is already a tensor '{name}' in the buffer. Names must be unique.", nameof(name));
        }

        int length = CheckShape(name, shape);
        Reserve(name, length);
        var tensor = new ParameterTensor<T>(this, name, shape.ToArray(), group, Count, length);
        Count += length;
        tensors.Add(tensor);
        byName.Add(name, tensor);
        groupOffsets.TryAdd(group, tensor.Offset);
        return tensor;
    }

    /// <summary>
    /// Binds a rule to all tensors of the buffer. This allocates the rule's state, laid out like the parameters, and fixes the layout.
    /// Several optimizers of one buffer can take turns, for instance when Sgd finishes what Adam began. Each keeps its own states and its
    /// own step count. A step over a buffer without tensors is counted and changes nothing.
    /// </summary>
    /// <param name="rule">The rule; its hyperparameters are checked here.</param>
    /// <param name="options">The options; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A hyperparameter or option is out of range. Or the states, or the values that the rule keeps per column or row, take more than 2^31
    /// - 2^20 - 1 numbers.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">
    /// The rule uses fused arithmetic and the processor has no fused multiply-add.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Optimizer<T, TRule> Optimize<TRule>(TRule rule, OptimizerOptions? options = null)
        where TRule : class, IUpdateRule<T>
    {
        lock (binding)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var optimizer = new Optimizer<T, TRule>(this, rule, options ?? new OptimizerOptions(), tensors, isOfAll: true);
            bound = true;
            return optimizer;
        }
    }

    /// <summary>
    /// Binds a rule to some of the buffer's tensors. Several optimizers can step disjoint tensors of one buffer, each with its own rule,
    /// also at the same time on several threads. The optimizer's states, inputs and the result of Read are laid out tensor after tensor, in
    /// the order of the buffer. An optimizer of all tensors steps these tensors too: while one of the two is in use, the other throws.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="tensors">Tensors of this buffer, without repetition. No other optimizer of some tensors may step them.</param>
    /// <param name="options">The options; the defaults if null.</param>
    /// <exception cref="ArgumentException">
    /// A tensor belongs to another buffer, is given twice, or is stepped by another optimizer of some tensors.
    /// </exception>
    /// <inheritdoc cref="Optimize{TRule}(TRule, OptimizerOptions?)"/>
    public Optimizer<T, TRule> Optimize<TRule>(TRule rule, IEnumerable<ParameterTensor<T>> tensors, OptimizerOptions? options = null)
        where TRule : class, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(tensors);

        // Enumerates first: this runs the caller's code, which may change the buffer.
        ParameterTensor<T>[] given = [.. tensors];
        lock (binding)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return Bind(rule, given, options ?? new OptimizerOptions());
        }
    }

    /// <summary>Binds a rule that supports float and double where only T is known: C# cannot express that the rule steps every T.</summary>
    /// <inheritdoc cref="Optimize{TRule}(TRule, OptimizerOptions?)"/>
    internal IOptimizer<T> OptimizeEither<TRule>(TRule rule, OptimizerOptions? options = null)
        where TRule : class, IUpdateRule<float>, IUpdateRule<double>
        => (IOptimizer<T>)(this switch
        {
            ParameterBuffer<double> buffer => (object)buffer.Optimize(rule, options),
            _ => ((ParameterBuffer<float>)(object)this).Optimize(rule, options),
        });

    private Optimizer<T, TRule> Bind<TRule>(TRule rule, ParameterTensor<T>[] tensors, OptimizerOptions options)
        where TRule : class, IUpdateRule<T>
    {
        var chosen = new HashSet<ParameterTensor<T>>();
        foreach (ParameterTensor<T> tensor in tensors)
        {
            if (tensor is null)
            {
                throw new ArgumentException("A tensor is null.", nameof(tensors));
            }

            string? problem = tensor.Buffer != this ? "belongs to another buffer"
                : !chosen.Add(tensor) ? "is given twice"
                : divided.Contains(tensor) ? "is stepped by another optimizer already; optimizers of one buffer step disjoint tensors"
                : null;
            if (problem is not null)
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' {problem}.", nameof(tensors));
            }
        }

        var optimizer = new Optimizer<T, TRule>(this, rule, options, [.. chosen.OrderBy(tensor => tensor.Offset)], isOfAll: false);
        divided.UnionWith(chosen);
        bound = true;
        return optimizer;
    }

    /// <summary>
    /// Releases the memory and ends the threads that made the steps. Spans taken before stay valid memory; every later use throws. If
    /// another thread is making a step, a save or a load, Dispose waits for it.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A function of the caller that evaluates the loss is running in the middle of a step, on any thread. Nothing was released.
    /// </exception>
    public void Dispose()
    {
        lock (binding)
        {
            if (disposed)
            {
                return;
            }

            if (!Gate.TryClose())
            {
                throw new InvalidOperationException(
                    "Dispose was called while a function that evaluates the loss runs in the middle of a step. Nothing was released; dispose the buffer after the step.");
            }

            disposed = true;
            team?.Dispose();
            team = null;
            values = gradients = default;
        }
    }

    private static int CheckShape(string name, ReadOnlySpan<nint> shape)
    {
        long length = 1;
        foreach (nint side in shape)
        {
            if (side < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(shape), side,
                    $"Tensor '{name}' has a dimension of length {side}; every dimension must be at least 1.");
            }

            length = side <= Array.MaxLength / length ? length * side : throw TooLarge(name);
        }

        return (int)length;
    }

    private static ArgumentOutOfRangeException TooLarge(string name)
        => new("shape", $"With tensor '{name}' the buffer would have more than {MaxCount} elements; use several buffers.");

    private static unsafe void CheckPointer(T* pointer, int length, string name)
    {
        if (length > 0 && pointer == null)
        {
            throw new ArgumentException("The pointer is null.", name);
        }

        if ((nuint)pointer % (nuint)sizeof(T) != 0)
        {
            throw new ArgumentException($"The pointer is not aligned to {sizeof(T)} bytes.", name);
        }
    }

    private void Reserve(string name, int length)
    {
        long needed = (long)Count + length;
        if (needed <= values.Length)
        {
            return;
        }

        if (adopted)
        {
            throw new ArgumentOutOfRangeException("shape", length,
                $"Tensor '{name}' does not fit: {values.Length - Count} of the {values.Length} adopted elements are left.");
        }

        if (needed > MaxCount)
        {
            throw TooLarge(name);
        }

        int capacity = (int)Math.Clamp(2L * values.Length, needed, MaxCount);
        values = Grow(values, capacity, ValuesLane);
        gradients = Grow(gradients, capacity, GradientsLane);
    }

    private AlignedMemory<T> Grow(AlignedMemory<T> memory, int capacity, int lane)
    {
        var larger = AlignedMemory<T>.AllocateStream(capacity, lane);
        memory.Span[..Count].CopyTo(larger.Span);
        return larger;
    }

    /// <summary>Ensures that work can run on so many threads. The threads live until the buffer is disposed.</summary>
    internal void RequireThreads(int threads)
    {
        lock (binding)
        {
            if (threads > 1 && (team is null || team.Threads < threads))
            {
                WorkTeam? smaller = team;
                team = new WorkTeam(threads);

                // A step of another optimizer may be using the team: it ends when its work is done.
                smaller?.End();
            }
        }
    }

    /// <summary>The threads that <see cref="RequireThreads"/> started.</summary>
    internal WorkTeam Team => team!;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AlignedMemory<T> Live(AlignedMemory<T> memory)
    {
        ThrowIfDisposed();
        return memory;
    }
}
