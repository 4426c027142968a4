using System.Runtime.CompilerServices;

namespace OptDsl.Schedules;

/// <summary>The checks on a schedule's values; each returns what it has checked.</summary>
internal static class ScheduleChecks
{
    internal static double Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number of at least 0.");

    internal static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in [0, 1].");

    internal static double Factor(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in (0, 1].");

    internal static int Count(int value, [CallerArgumentExpression(nameof(value))] string name = "") => Count(value, 1, name);

    internal static int Count(int value, int least, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");

    internal static int Step(int step) => Count(step);
}
