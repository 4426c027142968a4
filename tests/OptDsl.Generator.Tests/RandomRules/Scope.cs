using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>A value that code can read by its name.</summary>
internal sealed record Variable(string Name, Kind Kind, bool IsUniform, bool IsAssignable, bool IsInstance = false, bool IsConstant = false);

/// <summary>What is known at a point of a body.</summary>
/// <param name="IsUniform">Whether the whole body is uniform.</param>
/// <param name="CanThrow">Whether uniform code may throw here: not under a condition per element.</param>
/// <param name="Variables">The values that can be read.</param>
/// <param name="Helpers">The helpers that can be called.</param>
/// <param name="NonZero">Ints in C# that no guard lets be zero here.</param>
internal sealed record Scope(
    bool IsUniform, bool CanThrow, ImmutableList<Variable> Variables, ImmutableList<Helper> Helpers, ImmutableList<string> NonZero)
{
    internal Scope UnderElement(bool perElement) => perElement && CanThrow ? this with { CanThrow = false } : this;

    internal Scope With(Variable variable) => this with { Variables = Variables.Add(variable) };
}
