using System.Collections.Immutable;

namespace OptDsl.Contract;

/// <summary>
/// Assigns a stream of draws to each name of a rule's random inputs. A name's stream is its hash, so adding an input does not change the
/// draws of others. If names have the same hash, the first in ordinal order gets it, and the others get the next free streams.
/// </summary>
internal static class NoiseStreams
{
    internal static ImmutableArray<InputSchema> Assign(ImmutableArray<InputSchema> inputs)
    {
        string[] names = [.. inputs.Where(input => input.IsNoise).Select(input => input.Name).Distinct().Order(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            return inputs;
        }

        var streams = new Dictionary<string, uint>(StringComparer.Ordinal);
        var taken = new HashSet<uint>(names.Select(Hash));
        var given = new HashSet<uint>();
        foreach (string name in names)
        {
            uint stream = Hash(name);
            if (!given.Add(stream))
            {
                while (!taken.Add(stream))
                {
                    stream = unchecked(stream + 1);
                }
            }

            streams.Add(name, stream);
        }

        return [.. inputs.Select(input => input.IsNoise ? input with { Stream = streams[input.Name] } : input)];
    }

    /// <summary>The hash function FNV-1a.</summary>
    private static uint Hash(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }
}
