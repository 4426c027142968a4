using System.Text;

namespace OptDsl.Generator.Emission.Text;

/// <summary>Text with indentation; its lines end with <c>\n</c> on every system.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int indentation;

    internal void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', 4 * indentation).Append(line);
        }

        text.Append('\n');
    }

    internal void Lines(params string[] lines)
    {
        foreach (string line in lines)
        {
            Line(line);
        }
    }

    internal void Open(string header)
    {
        Line(header);
        Open();
    }

    internal void Open()
    {
        Line("{");
        indentation++;
    }

    internal void Close(string end = "}")
    {
        indentation--;
        Line(end);
    }

    internal void Indent() => indentation++;

    internal void Outdent() => indentation--;

    public override string ToString() => text.ToString();
}
