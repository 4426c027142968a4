using System.Text;

namespace OptDsl.Checkpoints;

/// <summary>
/// The names of tensors in a file: <c>parameter</c>, <c>parameter/state</c> and <c>groups/group/state</c>. What would be taken for
/// another part of a name is escaped as in an address, so that no two names can be one.
/// </summary>
internal static class TensorNames
{
    internal const string Metadata = "__metadata__";

    internal static string Of(string parameter) => Escape(parameter);

    internal static string Of(string parameter, string state) => $"{Escape(parameter)}/{state}";

    internal static string OfGroup(string group, string state) => $"groups/{Escape(group)}/{state}";

    /// <summary>
    /// The name without slashes; nor is it the one name that the format keeps for itself. Lone surrogates have no form in UTF-8.
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
