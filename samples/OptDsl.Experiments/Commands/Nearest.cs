namespace OptDsl.Experiments;

/// <summary>The names that somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest of some names, at most three, whatever their case.</summary>
    internal static IReadOnlyList<string> To(string name, IEnumerable<string> names)
        => [.. names.OrderBy(other => Edits(name.ToLowerInvariant(), other.ToLowerInvariant())).Take(3)];

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
