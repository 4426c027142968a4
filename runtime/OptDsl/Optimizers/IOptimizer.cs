using System.Numerics;

namespace OptDsl;

/// <summary>
/// An optimizer, for code that does not know the type of its rule: the members of <see cref="Optimizer{T, TRule}"/> that do not need that
/// type.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public interface IOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The buffer it steps.</summary>
    ParameterBuffer<T> Parameters { get; }

    /// <summary>The tensors it steps, in the buffer's order: all of the buffer's tensors or some.</summary>
    IReadOnlyList<ParameterTensor<T>> Tensors { get; }

    /// <summary>The rule's states, by name.</summary>
    OptimizerState<T> State { get; }

    /// <summary>The rule's states, inputs and other properties.</summary>
    RuleSchema Schema { get; }

    /// <summary>The number of steps made.</summary>
    int StepCount { get; }

    /// <summary>The number of steps refused because a gradient was not finite.</summary>
    int RefusedCount { get; }

    /// <summary>The number of evaluations of the loss by steps that were given a function that evaluates it.</summary>
    int EvaluationCount { get; }

    /// <summary>The vector width of the kernel.</summary>
    SimdWidth Width { get; }

    /// <summary>The number of threads that make a step.</summary>
    int Threads { get; }

    /// <summary>Whether steps record statistics of members marked <see cref="ObserveAttribute"/>; off by default.</summary>
    bool Observing { get; set; }

    /// <summary>Makes one step from the gradients in the buffer, in as few passes over the parameters as the rule allows.</summary>
    /// <param name="cancellation">Checked before anything is written. Once started, a step completes.</param>
    /// <returns>Whether the step was made. It is false only if <see cref="OnNonFinite.Refuse"/> refused the step.</returns>
    /// <exception cref="NonFiniteException">
    /// A value that was read or computed is not finite (thrown after the pass), or too many steps in a row were refused.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A condition of the rule on uniform values, such as the order of a clamp's bounds, does not hold; nothing was written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The step was cancelled; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">
    /// This optimizer, or another one of the same tensors, is in use: by another thread, or by a function that evaluates the loss. Nothing
    /// was written.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    bool Step(CancellationToken cancellation = default);

    /// <summary>Makes one step, from the gradients in the buffer, of a rule that reads the loss.</summary>
    /// <param name="loss">The loss; not NaN.</param>
    /// <param name="cancellation">Checked before anything is written. Once started, a step completes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The loss is NaN.</exception>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool Step(double loss, CancellationToken cancellation = default);

    /// <summary>
    /// Evaluates the loss and its gradient at the parameters, and makes one step. A rule that takes gradients at other points evaluates the
    /// loss there, too.
    /// </summary>
    /// <param name="evaluate">
    /// Fills the buffer's gradients at its parameters and returns the loss. An exception from it passes through. States and step count are
    /// then as before, and so are parameters that the step had moved to another point. What the function writes to the parameters in its
    /// first call stays, even if it throws. What it writes to them at another point does not stay.
    /// </param>
    /// <param name="cancellation">Checked before anything is written. Once started, a step completes.</param>
    /// <exception cref="ArithmeticException">The loss is NaN; nothing was written.</exception>
    /// <remarks>
    /// While the function runs, this optimizer and others of the same tensors refuse to step, save, load or be read, and the buffer refuses
    /// to be disposed. Each of these calls throws an <see cref="InvalidOperationException"/>. Optimizers of other tensors
    /// (<see cref="ParameterBuffer{T}.Optimize{TRule}(TRule, IEnumerable{ParameterTensor{T}}, OptimizerOptions?)"/>) may step. A rule
    /// assigned in the first call applies to this step; a rule assigned in a later call applies from the next step.
    /// </remarks>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool Step(Func<double> evaluate, CancellationToken cancellation = default);

    /// <summary>
    /// Makes one step with the declaration itself: it calls the author's own methods, one element at a time. For a strict rule on buffers
    /// of its declared element type, the result equals <see cref="Step(CancellationToken)"/> bit for bit.
    /// </summary>
    /// <inheritdoc cref="Step(CancellationToken)"/>
    bool StepReference(CancellationToken cancellation = default);

    /// <summary>Makes one step with the declaration itself, given the loss. See <see cref="StepReference(CancellationToken)"/>.</summary>
    /// <inheritdoc cref="Step(double, CancellationToken)"/>
    bool StepReference(double loss, CancellationToken cancellation = default);

    /// <summary>
    /// Makes one step with the declaration itself, given a function that evaluates the loss. See
    /// <see cref="StepReference(CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="Step(Func{double}, CancellationToken)"/>
    bool StepReference(Func<double> evaluate, CancellationToken cancellation = default);

    /// <summary>
    /// The caller's input with one number per parameter, laid out like the states. The values stay until you change them.
    /// </summary>
    /// <param name="name">The input's name.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such input.</exception>
    /// <exception cref="InvalidOperationException">A running step has moved the parameters to another point.</exception>
    Span<T> GetInput(string name);

    /// <summary>The part of an input with one number per parameter that belongs to a tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    /// <inheritdoc cref="GetInput(string)"/>
    Span<T> GetInput(string name, ParameterTensor<T> tensor);

    /// <summary>Sets the caller's input with one number per tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <param name="value">The number; zero until it is set.</param>
    /// <inheritdoc cref="GetInput(string, ParameterTensor{T})"/>
    void SetTensorInput(string name, ParameterTensor<T> tensor, double value);

    /// <summary>
    /// Computes the model to use and to save: the rule's <see cref="ReadAtAttribute"/> member. It is computed from what the last step
    /// stored and from the rule's current hyperparameters. If the step stored the model itself (a state of <see cref="StateRole.ReadAt"/>),
    /// that is copied. Before the first step, and for a rule without such a member, it is the parameters. <see cref="RuleSchema.ReadAt"/>
    /// is the member's name, or null. An exception from the member passes through; then nothing was written.
    /// </summary>
    /// <param name="destination">One element per parameter that the optimizer steps, laid out like its states.</param>
    /// <exception cref="ArgumentException">The destination has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Read(Span<T> destination);

    /// <summary>
    /// Computes the direction of a step search: the rule's <see cref="SearchDirectionAttribute"/> member, from the gradients in the buffer
    /// and the states as the next step would make them. It stores no state, so it can be called repeatedly. An exception from the member
    /// passes through; then nothing was written. If a reduction of one tensor is not finite, directions of other tensors may already have
    /// been written. The message then says so.
    /// </summary>
    /// <param name="destination">One element per parameter that the optimizer steps, laid out like its states.</param>
    /// <returns>The slope: the sum of gradient times direction, in double, in the fixed order of reductions.</returns>
    /// <exception cref="InvalidOperationException">
    /// The rule has no such member, or the member needs a gradient at another point.
    /// </exception>
    /// <exception cref="ArgumentException">The destination has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    double ComputeSearchDirection(Span<T> destination);

    /// <summary>The statistics of an observed member in the last step that was recorded, over all tensors.</summary>
    /// <param name="name">The member's name.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such member marked <see cref="ObserveAttribute"/>.</exception>
    /// <exception cref="InvalidOperationException">No step was made while <see cref="Observing"/> was set.</exception>
    Observation GetObservation(string name);

    /// <summary>The statistics of an observed member in the last step that was recorded, for one tensor.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    /// <inheritdoc cref="GetObservation(string)"/>
    Observation GetObservation(string name, ParameterTensor<T> tensor);

    /// <summary>Copies the step count and all states.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    OptimizerSnapshot<T> Snapshot();

    /// <summary>
    /// Continues from a snapshot: the states and the step count become the snapshot's. With the same parameters, gradients and rule, the
    /// next steps give the same bits as after the snapshot was taken.
    /// </summary>
    /// <param name="snapshot">
    /// A snapshot of an optimizer of the same rule, over tensors with the same names, shapes, groups and order.
    /// </param>
    /// <exception cref="ArgumentException">The snapshot is of another rule or of other tensors; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Restore(OptimizerSnapshot<T> snapshot);

    /// <summary>
    /// Writes a checkpoint: a safetensors file with the parameters that the optimizer steps, its states, its rule's values and the position
    /// of its random draws (docs/checkpoints.md). The new file replaces an old one of that name in one step, and the old one is kept as
    /// <c>.previous</c>. If the process is killed during the save, either the old file or the new one is there, complete.
    /// </summary>
    /// <param name="path">The path of the file. Its directory must exist.</param>
    /// <param name="cancellation">Checked until the file would take its name.</param>
    /// <exception cref="CheckpointException">The tensors' names are too many or too long for the format.</exception>
    /// <exception cref="IOException">The file cannot be written. An old file of that name is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied. An old file of that name is unchanged.</exception>
    /// <exception cref="OperationCanceledException">The save was cancelled. An old file of that name is unchanged.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Save(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Writes a checkpoint that also holds the state of objects that the caller keeps beside the optimizer, such as a plateau schedule or a
    /// generator of random numbers.
    /// </summary>
    /// <param name="path">The path of the file. Its directory must exist.</param>
    /// <param name="beside">The objects, by name. Load needs the same names.</param>
    /// <param name="cancellation">Checked until the file would take its name.</param>
    /// <exception cref="ArgumentException">A name is blank, or an object is null.</exception>
    /// <inheritdoc cref="Save(string, CancellationToken)"/>
    void Save(string path, IReadOnlyDictionary<string, ICheckpointed> beside, CancellationToken cancellation = default);

    /// <summary>
    /// Loads a checkpoint that <see cref="Save(string, CancellationToken)"/> wrote: parameters, states, rule values, step count and seed.
    /// With the same gradients, the next step gives the same bits as without the save and load.
    /// </summary>
    /// <param name="path">The file of an optimizer of the same rule, over tensors with the same names, shapes and groups.</param>
    /// <exception cref="CheckpointException">
    /// The file was not written by Save, is damaged, or is of another rule or other tensors. The message says which, and what to do.
    /// Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    void Load(string path);

    /// <summary>
    /// Loads a checkpoint that <see cref="Save(string, IReadOnlyDictionary{string, ICheckpointed}, CancellationToken)"/> wrote, with the
    /// states of the objects that are kept beside the optimizer.
    /// </summary>
    /// <param name="path">The file of an optimizer of the same rule, over tensors with the same names, shapes and groups.</param>
    /// <param name="beside">Objects of the same types and settings, by the same names.</param>
    /// <exception cref="ArgumentException">A name is blank, or an object is null.</exception>
    /// <inheritdoc cref="Load(string)"/>
    void Load(string path, IReadOnlyDictionary<string, ICheckpointed> beside);

    /// <summary>
    /// Imports parameters and states from a safetensors file of another program, such as PyTorch. The file has tensors <c>p</c> and
    /// <c>p.state</c>: p is the name of a tensor here, state is the name that <see cref="StateAttribute.SavedAs"/> gives. The rule's values
    /// are not changed. Numbers of the other element type are converted, with one rounding each. The file's other tensors are not read, so
    /// several optimizers of disjoint tensors can import the same file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="step">
    /// The number of steps made so far. Needed only if the file has no <c>p.step</c>. With 0 the optimizer starts anew: it reads only the
    /// parameters, even if the file has states.
    /// </param>
    /// <returns>
    /// The names of the file's tensors that were not read. They belong to other optimizers, or are not parameters, such as a running mean.
    /// </returns>
    /// <exception cref="InvalidOperationException">The rule has states that no such file can give.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    /// <exception cref="CheckpointException">
    /// The file is damaged, holds other tensors, or does not tell how many steps were made. Nothing was changed.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A condition of the rule on uniform values does not hold for the steps made so far. Nothing was changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read; nothing was changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    /// <remarks>
    /// Values that the rule keeps per group, such as a product of decays, are computed again: that many steps with the rule's current
    /// values. Values that the file has per tensor, except <c>step</c>, are not read.
    /// </remarks>
    IReadOnlyList<string> Import(string path, int? step = null);
}
