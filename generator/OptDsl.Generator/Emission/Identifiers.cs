using OptDsl.Generator.Parsing;

namespace OptDsl.Generator.Emission;

/// <summary>Gives out names, each once, so that what is emitted cannot collide with itself or with what is in scope.</summary>
internal sealed class Identifiers(IEnumerable<string> taken)
{
    private readonly HashSet<string> used = new(taken, StringComparer.Ordinal);

    /// <summary>The wished name, or the first free one that begins with it.</summary>
    internal string Claim(string wish)
    {
        string name = wish;
        for (int i = 2; !used.Add(name); i++)
        {
            name = wish + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return Names.Identifier(name);
    }
}
