using System.Text;
using Microsoft.CodeAnalysis;

namespace OptDsl.Generator.Parsing;

/// <summary>Names of emitted files: the compiler takes them as keys, and may be asked to write them to a disk.</summary>
internal static class HintNames
{
    // A file's name has at most 255 bytes on most systems, and its whole path 260 characters on some.
    private const int MostBytes = 120;

    // Of a device whatever follows the first point, on Windows.
    private static readonly HashSet<string> Devices = new(
        [.. new[] { "con", "prn", "aux", "nul" },
            .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"com{(char)('0' + i)}", $"lpt{(char)('0' + i)}" })],
            StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The full name, as far as it goes, and a hash of it: names must differ in more than case and in more than their beginnings. The hash
    /// tells a type inside a type from one inside a namespace of that name, too.
    /// </summary>
    internal static string Of(INamedTypeSymbol type)
    {
        // By their bare names: a keyword's escape, and what the compiler puts before a type that is local to its file, are no characters of
        // a file name.
        string name = Bare(type);
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = Bare(outer) + "+" + name;
        }

        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            name = space.Name + "." + name;
        }

        ulong hash = 14695981039346656037;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        string text = Shortened(name.Replace('`', '_').Replace('+', '.'));
        return $"{(Devices.Contains(text.Split('.')[0]) ? "_" : "")}{text}.{hash:x16}.g.cs";
    }

    private static string Bare(INamedTypeSymbol type) => type.Arity == 0 ? type.Name
        : $"{type.Name}`{type.Arity.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The end of a name that is too long, which is what tells it from its neighbours; never half a character.</summary>
    private static string Shortened(string name)
    {
        int start = name.Length, bytes = 0;
        while (start > 0)
        {
            int size = start > 1 && char.IsSurrogatePair(name[start - 2], name[start - 1]) ? 2 : 1;
            bytes += Encoding.UTF8.GetByteCount(name.ToCharArray(start - size, size));
            if (bytes > MostBytes)
            {
                break;
            }

            start -= size;
        }

        return name.Substring(start).TrimStart('.');
    }
}
