using System.Text;

namespace OptDsl.Checkpoints;

/// <summary>
/// The names of tensors in a file: <c>parameter</c>, <c>parameter/state</c> and <c>groups/group/state</c>. Characters that separate parts
/// of a name are percent-encoded as in a URL, so that different names stay different.
/// </summary>
internal static class TensorNames
{
    internal const string Metadata = "__metadata__";

    internal static string Of(string parameter) => Escape(parameter);

    internal static string Of(string parameter, string state) => $"{Escape(parameter)}/{state}";

    internal static string OfGroup(string group, string state) => $"groups/{Escape(group)}/{state}";

    /// <summary>
    /// The name without slashes, and different from the one name that the format reserves. Lone surrogates are encoded too, because UTF-8
    /// has no form for them.
    /// </summary>
    internal static string Escape(string name)
    {
        if (name == Metadata)
        {
            return "%5F" + name[1..];
        }

        var text = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool paired = char.IsSurrogate(c)
                && (char.IsHighSurrogate(c) ? i + 1 < name.Length && char.IsLowSurrogate(name[i + 1])
                    : i > 0 && char.IsHighSurrogate(name[i - 1]));
            _ = c is '/' or '%' || char.IsControl(c) || (char.IsSurrogate(c) && !paired)
                ? text.Append('%').Append(((int)c).ToString("X2", null)) : text.Append(c);
        }

        return text.ToString();
    }
}
