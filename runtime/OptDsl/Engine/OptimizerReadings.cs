using System.Numerics;
using OptDsl.Contract;

namespace OptDsl.Engine;

/// <summary>Reads everything from an optimizer except its states, and sets the caller's inputs.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRule">The rule.</typeparam>
/// <param name="engine">The optimizer's engine.</param>
internal sealed class OptimizerReadings<T, TRule>(StepEngine<T, TRule> engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : class, IUpdateRule<T>
{
    /// <summary>The caller's input with one number per parameter.</summary>
    internal Span<T> GetInput(string name)
    {
        engine.RequireNotAtPoint();
        RuleSchema schema = TRule.Schema;
        int index = IndexOf(name, InputSource.PerParameter), place = 0;
        for (int i = 0; i < index; i++)
        {
            place += schema.Inputs[i].Source == InputSource.PerParameter ? 1 : 0;
        }

        return engine.State.Buffer(schema.BufferCount + schema.ScratchCount + place);
    }

    /// <summary>Sets the caller's input with one number per tensor.</summary>
    internal void SetTensorInput(string name, ParameterTensor<T> tensor, double value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        engine.RequireNotAtPoint();
        int index = IndexOf(name, InputSource.PerTensor);
        UnitOf(tensor).Frame.SetInput(index, value);
    }

    /// <summary>The model to use and to save.</summary>
    internal void Read(Span<T> destination)
    {
        RequireLength(destination);
        engine.Enter();
        try
        {
            if (engine.Progress.Steps > 0 && TRule.Schema.ReadAt is not null)
            {
                engine.Write(SequenceKind.Read, engine.Progress.Steps, destination);
                return;
            }

            foreach (TensorUnit<T, TRule> unit in engine.Layout.Units)
            {
                unit.Tensor.ReadOnlyValues.CopyTo(destination[unit.Place..]);
            }
        }
        finally
        {
            engine.Leave();
        }
    }

    /// <summary>Computes the direction of a step search and its slope.</summary>
    internal double ComputeSearchDirection(Span<T> destination)
    {
        RequireLength(destination);
        RuleSchema schema = TRule.Schema;
        if (schema.SearchDirection is null)
        {
            throw new InvalidOperationException($"{schema.Name} has no member marked [SearchDirection].");
        }

        if (schema.SequenceOf(SequenceKind.Direction).Passes.Any(pass => !pass.EvaluateAt.IsEmpty))
        {
            throw new InvalidOperationException(
                $"{schema.Name}'s direction '{schema.SearchDirection}' needs a gradient at another point, which a search does not evaluate. "
                + "Mark a member that does not need it.");
        }

        engine.Enter();
        double loss = engine.Loss;
        try
        {
            engine.Write(SequenceKind.Direction, engine.NextStep(), destination);
            return SlopeAlong(destination);
        }
        finally
        {
            engine.PutBack(loss);
            engine.Leave();
        }
    }

    /// <summary>The statistics of an observed member in the last step that was recorded, over all tensors.</summary>
    internal Observation GetObservation(string name) => Observation.Of(engine.Layout.Units.Select(unit => Observe(name, unit)));

    /// <summary>The statistics of an observed member in the last step that was recorded, for one tensor.</summary>
    internal Observation GetObservation(string name, ParameterTensor<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Observation.Of([Observe(name, UnitOf(tensor))]);
    }

    private double SlopeAlong(ReadOnlySpan<T> direction)
    {
        double slope = 0;
        foreach (TensorUnit<T, TRule> unit in engine.Layout.Units)
        {
            var products = new double[unit.Length];
            for (int i = 0; i < products.Length; i++)
            {
                products[i] = double.CreateTruncating(unit.Tensor.Gradients[i]) * double.CreateTruncating(direction[unit.Place + i]);
            }

            slope += ReductionTree.Of(Reduction.Sum, products, 0);
        }

        return slope;
    }

    private (double[] Statistics, int Count) Observe(string name, TensorUnit<T, TRule> unit)
    {
        engine.RequireNotAtPoint(nameof(GetObservation));
        RuleSchema schema = TRule.Schema;
        ObservedSchema observed = schema.Observed.FirstOrDefault(observed => observed.Name == name)
            ?? throw new KeyNotFoundException(
                $"{schema.Name} has no observed member '{name}'; it has {Known(schema.Observed.Select(observed => observed.Name))}. Mark the member [Observe].");
        return (engine.Observations.Of(observed, unit), unit.Length);
    }

    private TensorUnit<T, TRule> UnitOf(ParameterTensor<T> tensor) => engine.Layout.Units[engine.State.IndexOf(tensor)];

    private void RequireLength(Span<T> destination)
    {
        engine.Buffer.ThrowIfDisposed();
        if (destination.Length != engine.State.Count)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} elements; it needs {engine.State.Count}, one per parameter.",
                    nameof(destination));
        }
    }

    private static int IndexOf(string name, InputSource source)
    {
        RuleSchema schema = TRule.Schema;
        for (int i = 0; i < schema.Inputs.Length; i++)
        {
            if (schema.Inputs[i].Name == name && schema.Inputs[i].Source == source)
            {
                return i;
            }
        }

        string known = Known(schema.Inputs.Where(input => input.Source == source).Select(input => input.Name));
        throw new KeyNotFoundException(
            $"{schema.Name} has no input '{name}' with one number per {(source == InputSource.PerTensor ? "tensor" : "parameter")}; it has {known}.");
    }

    private static string Known(IEnumerable<string> names)
    {
        string[] quoted = [.. names.Select(name => $"'{name}'")];
        return quoted.Length == 0 ? "none" : string.Join(", ", quoted);
    }
}
