using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace OptDsl.Engine;

/// <summary>Finds the value that is not finite, after a pass has reported that there may be one.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Throws if a gradient, parameter or state is not finite. A pass may report finite values whose sum overflows.</summary>
    internal static void ThrowIfFound<T>(OptimizerState<T> state, ParameterTensor<T>[] tensors, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string OfGradient =
            "The step was made with it. Restore the parameters and states, or run with OnNonFinite.Refuse to skip such steps.";
        const string OfParameter = "The step computed it. Lower the learning rate, or check the loss near this point.";
        if ((Find<T>(tensors, tensor => tensor.Gradients, step, "gradient", OfGradient)
            ?? Find<T>(tensors, tensor => tensor.ReadOnlyValues, step, "parameter", OfParameter)
            ?? FindState(state, tensors, step)) is { } found)
        {
            throw found;
        }
    }

    private static NonFiniteException? FindState<T>(OptimizerState<T> state, ParameterTensor<T>[] tensors, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string advice = typeof(T) == typeof(float)
            ? "The step computed it from finite gradients: the state overflowed. Scale the loss down, or use a buffer of double."
            : "The step computed it from finite gradients: the state overflowed. Scale the loss down.";
        for (int i = 0; i < state.BufferCount; i++)
        {
            foreach (ParameterTensor<T> tensor in tensors)
            {
                if (Find(tensor, state[state.NameOf(i), tensor], step, state.NameOf(i), advice) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>Finds a state with one value per group, tensor, row or column that is not finite; null if there is none.</summary>
    internal static NonFiniteException? Find<T, TRule>(
        RuleSchema schema, int states, OptimizerGroup<T, TRule>[] groups, TensorUnit<T, TRule>[] units, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : class, IUpdateRule<T>
    {
        for (int i = 0; i < states; i++)
        {
            StateSchema state = schema.States[schema.BufferCount + i];
            if (state.Kind == StateKind.Uniform)
            {
                foreach (OptimizerGroup<T, TRule> group in groups)
                {
                    if (!TensorPrimitives.IsFiniteAll<double>(group.Frame.Carried.Slice(i, 1)))
                    {
                        return Uniform(group.Frame.Carried.Slice(i, 1), step, state.Name, "", $"group '{group.Name}'");
                    }
                }

                continue;
            }

            foreach (TensorUnit<T, TRule> unit in units)
            {
                if (!TensorPrimitives.IsFiniteAll<double>(unit.Frame.AllCarried[i]))
                {
                    return Uniform(unit.Frame.AllCarried[i], step, state.Name, unit.Tensor.Name, $"tensor '{unit.Tensor.Name}'");
                }
            }
        }

        return null;
    }

    private static NonFiniteException Uniform(ReadOnlySpan<double> values, int step, string name, string tensor, string where)
    {
        int index = 0;
        while (double.IsFinite(values[index]))
        {
            index++;
        }

        return new NonFiniteException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Step {step}: the state '{name}' of {where} at index {index} is {values[index]}. "
                + $"The step computed it. Restore the state, and lower the learning rate or scale the loss down."),
            step, name, tensor, index, values[index]);
    }

    /// <summary>Finds a gradient or parameter that is not finite before anything has been written; null if there is none.</summary>
    internal static NonFiniteException? FindMet<T>(ParameterTensor<T>[] tensors, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string OfGradient = "Nothing was written. Check the loss near this point, or run with OnNonFinite.Refuse to skip such steps.";
        const string OfParameter = "Nothing was written. Restore the parameters, or check what wrote them.";
        return Find<T>(tensors, tensor => tensor.Gradients, step, "gradient", OfGradient)
            ?? Find<T>(tensors, tensor => tensor.ReadOnlyValues, step, "parameter", OfParameter);
    }

    /// <summary>Finds a gradient that is not finite, after too many steps in a row were refused.</summary>
    internal static NonFiniteException? FindRefused<T>(ParameterTensor<T>[] tensors, int step, int limit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Find<T>(
            tensors, tensor => tensor.Gradients, step, "gradient",
            $"More than {limit} steps in a row (the RefusalLimit) were refused; parameters and states are unchanged.");

    private delegate ReadOnlySpan<T> ValuesOf<T>(ParameterTensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private static NonFiniteException? Find<T>(ParameterTensor<T>[] tensors, ValuesOf<T> of, int step, string quantity, string advice)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterTensor<T> tensor in tensors)
        {
            if (Find(tensor, of(tensor), step, quantity, advice) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static NonFiniteException? Find<T>(ParameterTensor<T> tensor, ReadOnlySpan<T> values, int step, string quantity, string advice)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool finite = TensorPrimitives.IsFiniteAll(values);
        for (int i = 0; i < values.Length && !finite; i++)
        {
            T value = values[i];
            if (!T.IsFinite(value))
            {
                return new NonFiniteException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                            $"Step {step}: the {quantity} of tensor '{tensor.Name}' at index {i} is {value}. {advice}"),
                    step, quantity, tensor.Name, i, double.CreateTruncating(value));
            }
        }

        return null;
    }
}
