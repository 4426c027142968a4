namespace OptDsl.Generator.Model;

/// <summary>Where a rule's type stands: what must be opened around the emitted part of it.</summary>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="Types">The types from the outermost to the rule itself.</param>
/// <param name="HintName">A file name that no other rule of the compilation has.</param>
internal sealed record TypeHierarchy(string Namespace, EquatableArray<TypeLayer> Types, string HintName);

/// <summary>One type of a hierarchy.</summary>
/// <param name="Keyword"><c>class</c>, <c>record</c>, <c>record struct</c>, <c>struct</c> or <c>interface</c>.</param>
/// <param name="Name">The name, escaped where it is a keyword, with its type parameters.</param>
/// <param name="TypeParameters">The names of its type parameters.</param>
internal sealed record TypeLayer(string Keyword, string Name, EquatableArray<string> TypeParameters);
