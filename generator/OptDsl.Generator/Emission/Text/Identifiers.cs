using System.Globalization;
using OptDsl.Generator.Language;

namespace OptDsl.Generator.Emission.Text;

/// <summary>Gives out names, each once, so that what is emitted cannot collide with itself or with what is in scope.</summary>
internal sealed class Identifiers(IEnumerable<string> taken)
{
    private readonly HashSet<string> used = new(taken.Select(Bare), StringComparer.Ordinal);

    /// <summary>The wished name, or the first free one that begins with it.</summary>
    internal string Claim(string wish) => Claim(wish, []);

    /// <summary>The same where names that begin with it are needed, too: it is given out when it and all of them are free.</summary>
    internal string Claim(string wish, params string[] endings)
    {
        // An escape is no part of a name: what begins with an escaped one and goes on is another name without it.
        wish = Bare(wish);
        string name = wish;
        for (int i = 2; used.Contains(name) || endings.Any(ending => used.Contains(name + ending)); i++)
        {
            name = wish + i.ToString(CultureInfo.InvariantCulture);
        }

        used.Add(name);
        used.UnionWith(endings.Select(ending => name + ending));
        return Names.Identifier(name);
    }

    private static string Bare(string name) => name.TrimStart('@');
}
