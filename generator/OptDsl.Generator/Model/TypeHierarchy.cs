namespace OptDsl.Generator.Model;

/// <summary>Where a rule's type stands: what must be opened around the emitted part of it.</summary>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="Types">The types from the outermost to the rule itself.</param>
/// <param name="HintName">A file name that no other rule of the compilation has.</param>
internal sealed record TypeHierarchy(string Namespace, EquatableArray<TypeLayer> Types, string HintName)
{
    /// <summary>Whether a base type has a type of the rule's name, which the name alone stands for inside the rule.</summary>
    internal bool HasTwin { get; init; }

    /// <summary>Whether a type or namespace in scope has the name <c>nuint</c>.</summary>
    internal bool HidesNuint { get; init; }

    /// <summary>Whether the kernel names something obsolete that only what is obsolete itself may name.</summary>
    internal bool IsObsolete { get; init; }

    /// <summary>What the compiler would say of what the kernel names, and has said where the author wrote it.</summary>
    internal EquatableArray<string> Suppressed { get; init; }
}

/// <summary>One type of a hierarchy.</summary>
/// <param name="Keyword"><c>class</c>, <c>record</c>, <c>record struct</c>, <c>struct</c> or <c>interface</c>.</param>
/// <param name="Simple">The name.</param>
/// <param name="TypeParameters">The names of its type parameters.</param>
internal sealed record TypeLayer(string Keyword, string Simple, EquatableArray<string> TypeParameters);
