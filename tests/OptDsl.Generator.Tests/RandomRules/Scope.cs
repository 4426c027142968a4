using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>A value that code can read by its name.</summary>
internal sealed record Variable(string Name, Kind Kind, bool IsUniform, bool IsAssignable, bool IsInstance = false,
    bool IsConstant = false);

/// <summary>What is known at a point of a body.</summary>
/// <param name="IsUniform">Whether the whole body is uniform.</param>
/// <param name="CanThrow">
/// Whether uniform code may throw here: not under a condition per element, nor under one per row where values per column are.
/// </param>
/// <param name="Variables">The values that can be read.</param>
/// <param name="Helpers">The helpers that can be called.</param>
/// <param name="NonZero">Ints in C# that no guard lets be zero here.</param>
/// <param name="Meets">
/// Whether values per row and per column meet here: a condition of the one may then stand around bounds of the other.
/// </param>
internal sealed record Scope(
    bool IsUniform, bool CanThrow, ImmutableList<Variable> Variables, ImmutableList<Helper> Helpers, ImmutableList<string> NonZero,
        bool Meets = false)
{
    internal Scope UnderElement(bool perElement) => (perElement || Meets) && CanThrow ? this with { CanThrow = false } : this;

    internal Scope With(Variable variable) => this with { Variables = Variables.Add(variable) };
}
