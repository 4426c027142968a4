namespace OptDsl.Generator.Analysis.Report;

/// <summary>Two values that meet although their units differ.</summary>
/// <param name="Node">The node at which they meet.</param>
/// <param name="Member">The member that keeps or returns them, where no expression of the author's does; else -1.</param>
/// <param name="What">What is done to them, such as "adds different units".</param>
/// <param name="Left">One value's node.</param>
/// <param name="LeftUnit">Its unit, in words.</param>
/// <param name="Right">The other's node, or -1 where it is <paramref name="RightText"/>.</param>
/// <param name="RightText">The other value in words, where it has no node.</param>
/// <param name="RightUnit">Its unit, in words.</param>
internal sealed record UnitConflict(int Node, int Member, string What, int Left, string LeftUnit, int Right, string RightText,
    string RightUnit);
