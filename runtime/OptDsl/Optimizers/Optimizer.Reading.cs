using OptDsl.Contract;
using OptDsl.Engine;

namespace OptDsl;

/// <content>The caller's inputs, and what is read of an optimizer beside its state.</content>
public sealed unsafe partial class Optimizer<T, TRule>
{
    /// <summary>Whether steps record what members marked <see cref="ObserveAttribute"/> are; off unless set.</summary>
    public bool Observing { get; set; }

    /// <summary>The caller's input of one number a parameter, laid out like the states: fill it before each step that should see other numbers.</summary>
    /// <param name="name">The input's name.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such input.</exception>
    public Span<T> Input(string name)
    {
        RequireNotAtPoint();
        int index = IndexOf(name, InputSource.PerParameter);
        int place = 0;
        for (int i = 0; i < index; i++)
        {
            place += TRule.Schema.Inputs[i].Source == InputSource.PerParameter ? 1 : 0;
        }

        return State.Buffer(TRule.Schema.BufferCount + TRule.Schema.ScratchCount + place);
    }

    /// <summary>The part of an input of one number a parameter that belongs to a tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such input.</exception>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    public Span<T> Input(string name, ParameterTensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Input(name).Slice(State.PlaceOf(tensor), tensor.Length);
    }

    /// <summary>Sets the caller's input of one number a tensor.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <param name="value">The number; zero until it is set.</param>
    /// <exception cref="KeyNotFoundException">The rule has no such input.</exception>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    public void SetTensorInput(string name, ParameterTensor<T> tensor, double value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        RequireNotAtPoint();
        int index = IndexOf(name, InputSource.PerTensor);
        UnitOf(tensor).Frame.SetInput(index, value);
    }

    /// <summary>
    /// The model to use and to save: the rule's <see cref="ReadAtAttribute"/> member, computed from what the last step stored and from the
    /// hyperparameters that the rule has now; where the step stored the model itself (a state of <see cref="StateRole.ReadAt"/>), that. The
    /// parameters themselves before the first step, and for a rule without one. See <see cref="RuleSchema.ReadAt"/> for which it is.
    /// What the member throws passes through; then nothing was written.
    /// </summary>
    /// <param name="destination">As many elements as the optimizer steps, laid out like its states.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public void Read(Span<T> destination)
    {
        RequireLength(destination);
        Enter();
        try
        {
            ReadAlone(destination);
        }
        finally
        {
            Leave();
        }
    }

    private void ReadAlone(Span<T> destination)
    {
        if (StepCount == 0 || TRule.Schema.ReadAt is null)
        {
            foreach (TensorUnit<T, TRule> unit in units)
            {
                unit.Tensor.ReadOnlyValues.CopyTo(destination[unit.Place..]);
            }

            return;
        }

        Write(SequenceKind.Read, StepCount, begin: null, destination);
    }

    /// <summary>
    /// The direction of a step search: the rule's <see cref="SearchDirectionAttribute"/> member for the gradients in the buffer, with the
    /// states as the next step would make them. Nothing is stored, so it can be asked for again. What the member throws passes through;
    /// then nothing was written. Where a reduction of one tensor is no number, directions of other tensors may have been written: the message says so.
    /// </summary>
    /// <param name="destination">As many elements as the optimizer steps, laid out like its states.</param>
    /// <returns>The slope: the sum of gradient times direction, in double, by the fixed tree of reductions.</returns>
    /// <exception cref="InvalidOperationException">The rule has no such member, or it needs a gradient at another point.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public double SearchDirection(Span<T> destination)
    {
        RequireLength(destination);
        if (TRule.Schema.SearchDirection is null)
        {
            throw new InvalidOperationException($"{TRule.Schema.Name} has no member marked [SearchDirection].");
        }

        if (TRule.Schema.Sequence(SequenceKind.Direction)!.Passes.Any(pass => !pass.EvaluateAt.IsEmpty))
        {
            throw new InvalidOperationException($"{TRule.Schema.Name}'s direction '{TRule.Schema.SearchDirection}' needs a gradient at another point, which a search does not evaluate. Mark a member that does without it.");
        }

        Enter();
        double loss = groupsInOrder.Length == 0 ? 0 : groupsInOrder[0].Frame.Loss;

        // Draws are those of the attempt to come.
        seed.Attempt++;
        try
        {
            return Direction(NextStep(), destination);
        }
        finally
        {
            seed.Attempt--;
            PutBack(loss);
            Leave();
        }
    }

    private double Direction(int step, Span<T> destination)
    {
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Begin(step, group.Frame.Loss);
        }

        Begin(step);
        Write(SequenceKind.Direction, step, step == 1 && !hasInitial ? fillState : null, destination);

        double slope = 0;
        foreach (TensorUnit<T, TRule> unit in units)
        {
            var products = new double[unit.Length];
            for (int i = 0; i < products.Length; i++)
            {
                products[i] = double.CreateTruncating(unit.Tensor.Gradients[i]) * double.CreateTruncating(destination[unit.Place + i]);
            }

            slope += ReductionTree.Of(Reduction.Sum, products, 0);
        }

        return slope;
    }

    /// <summary>What the last step recorded of an observed member, over all tensors.</summary>
    /// <param name="name">The member's name.</param>
    /// <exception cref="KeyNotFoundException">The rule does not let the member be observed.</exception>
    /// <exception cref="InvalidOperationException">No step was made while <see cref="Observing"/> was set.</exception>
    public Observation Observed(string name) => Observation.Of(units.Select(unit => Observe(name, unit)));

    /// <summary>What the last step recorded of an observed member in one tensor.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="tensor">A tensor the optimizer steps.</param>
    /// <inheritdoc cref="Observed(string)"/>
    /// <exception cref="ArgumentException">The optimizer does not step the tensor.</exception>
    public Observation Observed(string name, ParameterTensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Observation.Of([Observe(name, UnitOf(tensor))]);
    }

    private (double[] Statistics, int Count) Observe(string name, TensorUnit<T, TRule> unit)
    {
        RequireNotAtPoint(nameof(Observed));
        ObservedSchema observed = TRule.Schema.Observed.FirstOrDefault(observed => observed.Name == name)
            ?? throw new KeyNotFoundException($"{TRule.Schema.Name} lets no member '{name}' be observed; it lets {(TRule.Schema.Observed.IsEmpty ? "none" : string.Join(", ", TRule.Schema.Observed.Select(observed => $"'{observed.Name}'")))}. Mark it [Observe].");
        if (!hasObserved)
        {
            throw new InvalidOperationException("No step has been observed; set Observing before the step.");
        }

        int first = TRule.Schema.Observed.TakeWhile(other => other != observed).Sum(other => other.Statistics.Length);
        var statistics = new double[observed.Statistics.Length];
        for (int i = 0; i < statistics.Length; i++)
        {
            statistics[i] = unit.Observed[first + i];
        }

        return (statistics, unit.Length);
    }

    private bool hasObserved;

    /// <summary>Apart from the reductions, which the next step overwrites even where it is not made.</summary>
    private void KeepObserved()
    {
        hasObserved = true;
        foreach (TensorUnit<T, TRule> unit in units)
        {
            int place = 0;
            foreach (ObservedSchema observed in TRule.Schema.Observed)
            {
                foreach (int id in observed.Statistics)
                {
                    unit.Observed[place++] = unit.Frame.Reductions[id];
                }
            }
        }
    }

    private void Write(SequenceKind kind, int step, Action? begin, Span<T> destination)
    {
        foreach (OptimizerGroup<T, TRule> group in groupsInOrder)
        {
            group.Begin(step, group.Frame.Loss);
        }

        fixed (T* output = destination)
        {
            runner!.Run(kind, begin, null, null, output, Wake);
        }
    }

    private TensorUnit<T, TRule> UnitOf(ParameterTensor<T> tensor) => units[State.IndexOf(tensor)];

    private void RequireLength(Span<T> destination)
    {
        buffer.ThrowIfDisposed();
        if (destination.Length != State.Count)
        {
            throw new ArgumentException($"The destination has {destination.Length} elements; the optimizer steps {State.Count}.", nameof(destination));
        }
    }

    private static int IndexOf(string name, InputSource source)
    {
        for (int i = 0; i < TRule.Schema.Inputs.Length; i++)
        {
            if (TRule.Schema.Inputs[i].Name == name && TRule.Schema.Inputs[i].Source == source)
            {
                return i;
            }
        }

        string[] known = [.. TRule.Schema.Inputs.Where(input => input.Source == source).Select(input => $"'{input.Name}'")];
        throw new KeyNotFoundException($"{TRule.Schema.Name} has no input '{name}' of one number a {(source == InputSource.PerTensor ? "tensor" : "parameter")}; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}.");
    }
}
