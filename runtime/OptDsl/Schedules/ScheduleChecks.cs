using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OptDsl.Schedules;

/// <summary>Checks of a schedule's values. Each returns the value it has checked.</summary>
internal static class ScheduleChecks
{
    internal static double Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number of at least 0.");

    internal static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in [0, 1].");

    internal static double Factor(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in (0, 1].");

    internal static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0.");

    internal static double Inside(double value, double high, [CallerArgumentExpression(nameof(value))] string name = "")
        => value > 0 && value < 1 && value <= high ? value
        : throw new ArgumentOutOfRangeException(name, value,
            $"{name} must lie in (0, {(high < 1 ? "1/2] where the schedule is Symmetric; a 'with' that changes both must set Symmetric last if it becomes true, and first if it becomes false." : "1).")}");

    internal static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, Enum
        => Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    internal static ImmutableArray<int> Rising(ImmutableArray<int> values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        if (values.IsDefaultOrEmpty)
        {
            throw new ArgumentException($"{name} must hold at least one step.", name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < 1 || (i > 0 && values[i] <= values[i - 1]))
            {
                throw new ArgumentOutOfRangeException(name, values[i],
                    $"{name} must be steps from 1 in increasing order; number {i + 1} is not.");
            }
        }

        return values;
    }

    internal static int Count(int value, [CallerArgumentExpression(nameof(value))] string name = "") => Count(value, 1, name);

    internal static int Count(int value, int least, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");

    /// <summary>Checks the value of a schedule that can grow.</summary>
    internal static double Finite(double value, int step, string schedule)
        => double.IsFinite(value) ? value
        : throw new OverflowException(
            string.Create(CultureInfo.InvariantCulture,
                $"{schedule} is {value} at step {step}; the value must be finite."));

    internal static int Step(int step) => Count(step);
}
