using System.ComponentModel;
using System.Numerics;

namespace OptDsl.Contract;

/// <summary>The checks of a rule's values in emitted code, before any buffer is touched.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RuleChecks
{
    /// <summary>Requires a decay in [0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The decay is outside [0, 1).</exception>
    public static void Decay(double value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is the decay of a running average and must lie in [0, 1).");
        }
    }

    /// <summary>Requires a window of at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is smaller, or not a finite number.</exception>
    public static void Window(double value, string name)
    {
        if (!(value >= 1 && value < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(name, value,
                $"{name} is the window of a running average and must be at least 1 and finite.");
        }
    }

    /// <summary>Requires a hyperparameter that is not NaN and that the element type can hold.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, or becomes zero or infinite in the element.</exception>
    public static void Number<T>(double value, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T rounded = T.CreateTruncating(value);
        if (double.IsNaN(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must not be NaN.");
        }

        if ((value != 0 && T.IsZero(rounded)) || (double.IsFinite(value) && !T.IsFinite(rounded)))
        {
            throw new ArgumentOutOfRangeException(
                name, value,
                    $"{name} becomes {rounded} in {typeof(T).Name}; use a value that {typeof(T).Name} can hold, or a buffer of double.");
        }
    }

    /// <summary>Requires a hyperparameter in its domain.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside, or NaN.</exception>
    public static void Domain(double value, string name, Interval domain)
    {
        if (!domain.Contains(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in {domain}.");
        }
    }

    /// <summary>Requires that the bounds of a clamp are in order, like <see cref="Math.Clamp(double, double, double)"/>.</summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper bound.</exception>
    public static void ClampBounds(double min, double max, string expression)
    {
        if (min > max)
        {
            throw new ArgumentException($"'{expression}': the lower bound {min} is above the upper bound {max}.");
        }
    }
}
