using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Parsing;

/// <summary>The values of parameters and locals at a point of a body.</summary>
internal sealed class Scope(Dictionary<ISymbol, int> values)
{
    internal bool TryGet(ISymbol symbol, out int node) => values.TryGetValue(symbol, out node);

    internal void Set(ISymbol symbol, int node) => values[symbol] = node;

    internal Scope Copy() => new(new Dictionary<ISymbol, int>(values, SymbolEqualityComparer.Default));

    /// <summary>The symbols that have a value here, as they were first given one.</summary>
    internal IEnumerable<ISymbol> Symbols => values.Keys;
}
