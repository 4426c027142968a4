using System.Numerics;

namespace OptDsl;

/// <summary>
/// An optimizer whose rule is not known by its type: what an <see cref="Optimizer{T, TRule}"/> does that no rule's type is needed for.
/// </summary>
/// <typeparam name="T">The element, float or double.</typeparam>
public interface IOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The buffer it steps.</summary>
    ParameterBuffer<T> Parameters { get; }

    /// <summary>The tensors it steps, all of the buffer's or some, in the buffer's order.</summary>
    IReadOnlyList<ParameterTensor<T>> Tensors { get; }

    /// <summary>The rule's state, by name.</summary>
    OptimizerState<T> State { get; }

    /// <summary>What the rule keeps and needs.</summary>
    RuleSchema Schema { get; }

    /// <summary>Steps made.</summary>
    int StepCount { get; }

    /// <summary>Steps refused because a gradient was not finite.</summary>
    int RefusedCount { get; }

    /// <summary>Evaluations of the loss made by steps that were given it.</summary>
    int EvaluationCount { get; }

    /// <summary>The vector width the kernel runs at.</summary>
    SimdWidth Width { get; }

    /// <summary>The threads a step runs on.</summary>
    int Threads { get; }

    /// <summary>Whether steps record what members marked <see cref="ObserveAttribute"/> are; off unless set.</summary>
    bool Observing { get; set; }

    /// <summary>Makes one step from the gradients in the buffer: one fused pass over all parameters.</summary>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <returns>Whether the step was made; false only where <see cref="OnNonFinite.Refuse"/> refused it.</returns>
    /// <exception cref="NonFiniteException">
    /// A value met or made is not finite (after the pass), or too many steps in a row were refused.
    /// </exception>
    /// <exception cref="ArgumentException">A uniform condition of the rule does not hold; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">
    /// The optimizer is in use, or another one with the same tensors: by another thread, or by a function that evaluates the loss. Nothing
    /// was written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    bool Step(CancellationToken cancellation = default);

    /// <summary>Makes one step of a rule that reads the loss, from the gradients in the buffer.</summary>
    /// <param name="loss">The loss; not NaN.</param>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The loss is NaN.</exception>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool Step(double loss, CancellationToken cancellation = default);

    /// <summary>
    /// Evaluates the loss and its gradient at the parameters, and makes one step; a rule that takes gradients at other points evaluates
    /// there, too.
    /// </summary>
    /// <param name="evaluate">
    /// Fills the gradients of the buffer at its parameters and returns the loss. What it throws passes through: states and step count are
    /// as before, and so are the parameters where the step had moved them to another point. What the function itself writes to the
    /// parameters in its first call stays, also where it throws; what it writes at another point does not.
    /// </param>
    /// <param name="cancellation">Observed before anything is written; a started step completes.</param>
    /// <exception cref="ArithmeticException">The loss is NaN; nothing was written.</exception>
    /// <remarks>
    /// While the function runs, this optimizer refuses to step, save, load or be read, others of the same tensors do, too, and the buffer
    /// refuses to be disposed: each throws an <see cref="InvalidOperationException"/>. Optimizers of other tensors
    /// (<see cref="ParameterBuffer{T}.Optimize{TRule}(TRule, IEnumerable{ParameterTensor{T}}, OptimizerOptions?)"/>) may step. A rule value
    /// assigned in the first call holds for this step, one assigned in a later call from the next step.
    /// </remarks>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool Step(Func<double> evaluate, CancellationToken cancellation = default);

    /// <summary>
    /// Makes one step by the declaration itself: the author's own methods, one element at a time. It equals
    /// <see cref="Step(CancellationToken)"/> bit for bit for a strict rule on buffers of its declared element.
    /// </summary>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool StepReference(CancellationToken cancellation = default);

    /// <summary>Makes one step by the declaration itself, with a loss. See <see cref="StepReference(CancellationToken)"/>.</summary>
    /// <inheritdoc cref="Step(double, CancellationToken)"/>
    bool StepReference(double loss, CancellationToken cancellation = default);

    /// <summary>
    /// Makes one step by the declaration itself, evaluating the loss. See <see cref="StepReference(CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="Step(Func{double}, CancellationToken)"/>
    bool StepReference(Func<double> evaluate, CancellationToken cancellation = default);

    /// <summary>
    /// The caller's input of one number per parameter, laid out like the states: fill it before each step that should see other numbers.
    /// </summary>
    /// <param name="name">The input's name.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such input.</exception>
    /// <exception cref="InvalidOperationException">A step under way has moved the parameters to another point.</exception>
    Span<T> GetInput(string name);

    /// <summary>The part of an input of one number per parameter that belongs to a tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    /// <inheritdoc cref="GetInput(string)"/>
    Span<T> GetInput(string name, ParameterTensor<T> tensor);

    /// <summary>Sets the caller's input of one number per tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <param name="value">The number; zero until it is set.</param>
    /// <inheritdoc cref="GetInput(string, ParameterTensor{T})"/>
    void SetTensorInput(string name, ParameterTensor<T> tensor, double value);

    /// <summary>
    /// The model to use and to save: the rule's <see cref="ReadAtAttribute"/> member, computed from what the last step stored and from the
    /// hyperparameters that the rule has now; where the step stored the model itself (a state of <see cref="StateRole.ReadAt"/>), that. The
    /// parameters themselves before the first step, and for a rule without one. See <see cref="RuleSchema.ReadAt"/> for which it is.
    /// What the member throws passes through; then nothing was written.
    /// </summary>
    /// <param name="destination">As many elements as the optimizer steps, laid out like its states.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Read(Span<T> destination);

    /// <summary>
    /// The direction of a step search: the rule's <see cref="SearchDirectionAttribute"/> member for the gradients in the buffer, with the
    /// states as the next step would make them. Nothing is stored, so it can be asked for again. What the member throws passes through;
    /// then nothing was written. Where a reduction of one tensor is no number, directions of other tensors may have been written: the
    /// message says so.
    /// </summary>
    /// <param name="destination">As many elements as the optimizer steps, laid out like its states.</param>
    /// <returns>The slope: the sum of gradient times direction, in double, by the fixed tree of reductions.</returns>
    /// <exception cref="InvalidOperationException">The rule has no such member, or it needs a gradient at another point.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    double ComputeSearchDirection(Span<T> destination);

    /// <summary>What the last step recorded of an observed member, over all tensors.</summary>
    /// <param name="name">The member's name.</param>
    /// <exception cref="KeyNotFoundException">The rule does not let the member be observed.</exception>
    /// <exception cref="InvalidOperationException">No step was made while <see cref="Observing"/> was set.</exception>
    Observation GetObservation(string name);

    /// <summary>What the last step recorded of an observed member in one tensor.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    /// <inheritdoc cref="GetObservation(string)"/>
    Observation GetObservation(string name, ParameterTensor<T> tensor);

    /// <summary>Copies the step count and all states.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    OptimizerSnapshot<T> Snapshot();

    /// <summary>
    /// Takes up where the snapshot was taken: the next step is its step count plus one, from its states. With the same
    /// parameters, gradients and rule values it makes the same bits.
    /// </summary>
    /// <param name="snapshot">Of an optimizer of the same rule, over tensors of the same names, shapes, groups and order.</param>
    /// <exception cref="ArgumentException">It is of another rule, or of other tensors; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Restore(OptimizerSnapshot<T> snapshot);

    /// <summary>
    /// Writes the parameters the optimizer steps, its states, its rule's values and where its draws stand to a safetensors file
    /// (docs/checkpoints.md). A file of that name is replaced in one step and stays beside it as <c>.previous</c>; a process that is
    /// ended meanwhile leaves the one or the other, whole.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="cancellation">Observed until the file would take its name.</param>
    /// <exception cref="CheckpointException">The names of the tensors are too many and too long for the format.</exception>
    /// <exception cref="IOException">It cannot be written; the file of that name is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the file of that name is as it was.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the file of that name is as it was.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Save(string path, CancellationToken cancellation = default);

    /// <summary>
    /// The same with the state of what the caller keeps beside the optimizer, such as a plateau schedule or a generator of random numbers,
    /// in the same file.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="beside">What is kept, by names that Load is given again.</param>
    /// <param name="cancellation">Observed until the file would take its name.</param>
    /// <exception cref="ArgumentException">A name is blank, or what it names is null.</exception>
    /// <inheritdoc cref="Save(string, CancellationToken)"/>
    void Save(string path, IReadOnlyDictionary<string, ICheckpointed> beside, CancellationToken cancellation = default);

    /// <summary>
    /// Takes over what <see cref="Save(string, CancellationToken)"/> wrote: parameters, states, rule values, step count and seed. The next
    /// step with the same gradients makes the same bits as if there had been no file.
    /// </summary>
    /// <param name="path">Of an optimizer of the same rule, over tensors of the same names, shapes and groups.</param>
    /// <exception cref="CheckpointException">
    /// The file is none of Save's, is damaged, or is of another rule or other tensors; it says which and what to do. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">It cannot be read; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Load(string path);

    /// <summary>
    /// Takes over what <see cref="Save(string, IReadOnlyDictionary{string, ICheckpointed}, CancellationToken)"/> wrote, the states of what
    /// is kept beside the optimizer too.
    /// </summary>
    /// <param name="path">Of an optimizer of the same rule, over tensors of the same names, shapes and groups.</param>
    /// <param name="beside">Objects of the same kinds and settings by the same names.</param>
    /// <exception cref="ArgumentException">A name is blank, or what it names is null.</exception>
    /// <inheritdoc cref="Load(string)"/>
    void Load(string path, IReadOnlyDictionary<string, ICheckpointed> beside);

    /// <summary>
    /// Takes over the parameters and states that another program wrote to a safetensors file, such as PyTorch's: tensors <c>p</c> and
    /// <c>p.state</c>, where p is the name of a tensor here and state the name that <see cref="StateAttribute.SavedAs"/> gives. The
    /// rule's values stay as they are. Numbers of the other element are converted, each rounded once. What the file holds of other tensors
    /// is not read, so that several optimizers of disjoint tensors can import one file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="step">
    /// Steps made so far; only where the file has no <c>p.step</c>. 0 begins anew: only the parameters are read, whatever else the file
    /// has.
    /// </param>
    /// <returns>
    /// The names of the tensors in the file that were not read: other optimizers', and what is no parameter, such as a running mean.
    /// </returns>
    /// <exception cref="InvalidOperationException">The rule keeps what no such file can give.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    /// <exception cref="CheckpointException">
    /// The file is damaged, holds other tensors, or does not say how many steps were made. Nothing was changed.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A uniform condition of the rule does not hold for the steps made so far. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">It cannot be read; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    /// <remarks>
    /// What a rule keeps of one number per group, such as a product of decays, it makes again, as that many steps of its values of now do;
    /// what the file has of one number per tensor beside <c>step</c> is not read.
    /// </remarks>
    IReadOnlyList<string> Import(string path, int? step = null);
}
