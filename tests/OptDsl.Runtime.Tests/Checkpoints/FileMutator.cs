using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>A file, and whether whoever changed it made the header's hash right again.</summary>
internal sealed record MutatedFile(byte[] Bytes, bool IsRehashed, string Story);

/// <summary>
/// Changes a checkpoint as its structure suggests: lengths, places, shapes, names and hashes are put where others belong, entries are
/// doubled, dropped and exchanged, and bytes are flipped, cut and added. The choices are numbers, so that a failure shrinks to fewer.
/// </summary>
internal sealed partial class FileMutator(byte[] file, int[] choices)
{
    private const int MostMutations = 3;

    // Where integers go wrong.
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "4", "7", "8", "12", "48", "2147483647", "2147483648", "4294967296", "9223372036854775807",
            "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e3", "1.5", "1E400", "-0", "00",
    ];

    private static readonly string[] Texts =
    [
        "", "w", "b", "c", "w/exp_avg", "groups/a/Total", "__metadata__", "F32", "F64", "I64", "BF16", "optdsl", "1", "2", "NaN",
            "-Infinity", "\\u0000", "\\ud800", "\\\"", "é", "sha256",
        "w/RowTotal", "Everything", "999999999999999999999", "9", "0.5", "true", "a/../b", "dtype", "shape",
    ];

    private readonly StringBuilder story = new();
    private int next;

    internal MutatedFile Mutate()
    {
        (byte[] header, byte[] data) = CheckpointBytes.Split(file);
        string text = Encoding.UTF8.GetString(header);
        int count = 1 + Choose(MostMutations);
        long? length = null;
        for (int i = 0; i < count; i++)
        {
            switch (Choose(10))
            {
                case 0:
                    length = (Choose(4) switch { 0 => header.Length, 1 => 0, 2 => 100_000_000, _ => long.MaxValue }) + Choose(9) - 4;
                    story.Append($" header length {length};");
                    break;
                case 1:
                    data = Data(data);
                    break;
                default:
                    text = Header(text);
                    break;
            }
        }

        header = Encoding.UTF8.GetBytes(text);
        bool isRehashed = Choose(2) == 0;
        header = isRehashed ? CheckpointBytes.Rehash(header) : header;
        byte[] bytes = CheckpointBytes.Join(header, data);
        if (length is { } changed)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, changed);
        }

        return new MutatedFile(Bytes(bytes), isRehashed, story.ToString());
    }

    private byte[] Data(byte[] data)
    {
        int place = Choose(data.Length + 1), length = 1 + Choose(9);
        story.Append($" data {place}+{length};");
        return Choose(3) switch
        {
            0 => [.. data[..place], .. new byte[length], .. data[place..]],
            1 => [.. data[..place], .. data[Math.Min(place + length, data.Length)..]],
            _ => [.. data[place..], .. data[..place]],
        };
    }

    private string Header(string text)
    {
        string changed = Choose(9) switch
        {
            0 => Replace(text, Number(), Numbers[Choose(Numbers.Length)]),
            1 => Replace(text, Quoted(), $"\"{Texts[Choose(Texts.Length)]}\""),
            2 => Exchange(text, Number()),
            3 => Exchange(text, Quoted()),
            4 => Exchange(text, Array()),
            5 => Double(text, Entry()),
            6 => Replace(text, Entry(), ""),
            7 => Replace(text, Array(), Choose(3) switch { 0 => "[]", 1 => new string('[', 1 + Choose(200)), _ => "{\"a\":[1]}" }),
            _ => text.Insert(Choose(text.Length + 1),
                ((string[])["{", "}", "[", "]", ",", ":", "\"", " ", "\n", "0", "\\", "\u00e9", "/*", "-"])[Choose(14)]),
        };
        return changed;
    }

    /// <summary>Last, on whatever the rest has made: flips, cuts and additions anywhere.</summary>
    private byte[] Bytes(byte[] bytes)
    {
        switch (Choose(8))
        {
            case 0 when bytes.Length > 0:
                int place = Choose(bytes.Length), bit = Choose(8);
                story.Append($" flip {place}.{bit};");
                bytes[place] ^= (byte)(1 << bit);
                return bytes;
            case 1:
                int length = Choose(bytes.Length + 1);
                story.Append($" cut at {length};");
                return bytes[..length];
            case 2:
                story.Append(" longer;");
                return [.. bytes, .. new byte[1 + Choose(20)]];
            default:
                return bytes;
        }
    }

    private string Replace(string text, Regex pattern, string by)
    {
        MatchCollection found = pattern.Matches(text);
        if (found.Count == 0)
        {
            return text;
        }

        Match match = found[Choose(found.Count)];
        story.Append($" '{match.Value}' at {match.Index} by '{by}';");
        return text[..match.Index] + by + text[(match.Index + match.Length)..];
    }

    private string Double(string text, Regex pattern)
    {
        MatchCollection found = pattern.Matches(text);
        if (found.Count == 0)
        {
            return text;
        }

        Match match = found[Choose(found.Count)];
        story.Append($" '{match.Value}' twice;");
        return text.Insert(match.Index, match.Value);
    }

    private string Exchange(string text, Regex pattern)
    {
        MatchCollection found = pattern.Matches(text);
        if (found.Count < 2)
        {
            return text;
        }

        int one = Choose(found.Count - 1);
        Match first = found[one], second = found[one + 1 + Choose(found.Count - one - 1)];
        story.Append($" '{first.Value}' for '{second.Value}';");
        return text[..first.Index] + second.Value + text[(first.Index + first.Length)..second.Index] + first.Value
            + text[(second.Index + second.Length)..];
    }

    /// <summary>The next choice; where there are no more, the first of what can be chosen.</summary>
    private int Choose(int among) => next < choices.Length ? choices[next++] % among : 0;

    [GeneratedRegex("-?[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("\"[^\"\\\\]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("\\[[0-9,]*\\]")]
    private static partial Regex Array();

    [GeneratedRegex("\"[^\"\\\\]*\":(\"[^\"\\\\]*\"|\\{[^{}]*\\}),")]
    private static partial Regex Entry();
}
