using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Prints a random rule as an author would write it.</summary>
internal sealed class RulePrinter
{
    private readonly StringBuilder text = new();
    private readonly RuleSyntax rule;
    private int depth;

    private RulePrinter(RuleSyntax rule) => this.rule = rule;

    internal static string Print(RuleSyntax rule, string space)
    {
        var printer = new RulePrinter(rule);
        printer.Write(space);
        return printer.text.ToString();
    }

    internal static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    internal static string Print(Expr expression)
    {
        if (expression.Operands.IsEmpty)
        {
            return expression.Form;
        }

        var result = new StringBuilder();
        for (int i = 0; i < expression.Form.Length; i++)
        {
            char c = expression.Form[i];
            result.Append(c == '$' ? Print(expression.Operands[expression.Form[++i] - '0']) : c.ToString());
        }

        return result.ToString();
    }

    private void Write(string space)
    {
        Line($"namespace {space};");
        Line("");
        string[] outer = rule.Shape switch
        {
            Shape.NestedRecord => ["public partial struct Outer", "public partial interface IMiddle"],
            Shape.NestedGenericClass => ["public partial class Outer<T>"],
            _ => [],
        };
        foreach (string layer in outer)
        {
            Line(layer);
            Open();
        }

        WriteRule();
        foreach (string _ in outer)
        {
            Close();
        }

        if (rule.Helpers.Any(helper => helper.IsOuter))
        {
            Line("");
            Line("internal static class Shared");
            Open();
            foreach (Helper helper in rule.Helpers.Where(helper => helper.IsOuter))
            {
                WriteHelper(helper);
            }

            Close();
        }
    }

    private void WriteRule()
    {
        Line(rule.IsFused ? "[Optimizer(Arithmetic = Arithmetic.Fused)]" : "[Optimizer]");
        var positional = rule.IsClass ? [] : rule.Hypers.Where(hyper => hyper.Form == HyperForm.Property).ToList();
        Line($"public sealed partial {(rule.IsClass ? "class" : "record")} Rule" + (positional.Count == 0 ? ""
            : $"({string.Join(", ", positional.Select(hyper => $"{hyper.Type} {Escape(hyper.Name)} = {hyper.Value}"))})"));
        Open();
        foreach (Hyper hyper in rule.Hypers.Except(positional))
        {
            string name = Escape(hyper.Name);
            Line(hyper.Form switch
            {
                HyperForm.Property => $"public {hyper.Type} {name} {{ get; init; }} = {hyper.Value};",
                HyperForm.ReadonlyField => $"readonly {hyper.Type} {name} = {hyper.Value};",
                HyperForm.Computed => $"{hyper.Type} {name} => {hyper.Value};",
                HyperForm.Constant => $"const {hyper.Type} {name} = {hyper.Value};",
                _ => $"static readonly {hyper.Type} {name} = {hyper.Value};",
            });
        }

        foreach (Helper helper in rule.Helpers.Where(helper => !helper.IsOuter))
        {
            WriteHelper(helper);
        }

        foreach (Member member in rule.Members)
        {
            WriteMember(member);
        }

        Close();
    }

    private void WriteHelper(Helper helper)
    {
        string parameters = string.Join(", ", helper.Parameters.Select(parameter => $"{Type(parameter.Kind)} {Escape(parameter.Name)}" + (parameter.Default is null ? "" : $" = {parameter.Default}")));
        string access = helper.IsOuter ? "internal static " : Sizes.ReadsInstance(helper.Body) ? "" : "static ";
        WriteMethod($"{access}{Type(helper.Kind)} {helper.Name}({parameters})", helper.Body);
    }

    private void WriteMember(Member member)
    {
        string[] settings =
        [
            .. new[] { member.Setting, member.Corrected ? "Correction = BiasCorrection.Published" : "", member.Initial.Length > 0 ? $"Initial = {member.Initial}" : "" }
                .Where(setting => setting.Length > 0),
        ];
        if (member.IsObserved)
        {
            Line("[Observe]");
        }

        Line($"[{member.Role}{(settings.Length > 0 ? $"({string.Join(", ", settings)})" : "")}]");
        string inputs = string.Join(", ", member.Inputs.Select(input => $"{input.Attribute}{(input.Attribute.Length > 0 ? " " : "")}{Type(input.Kind)} {Escape(input.Name)}"));
        WriteMethod($"{(Sizes.ReadsInstance(member.Body) ? "" : "static ")}{Type(member.Kind)} {Escape(member.Name)}({inputs})", member.Body);
    }

    private void WriteMethod(string signature, ImmutableArray<Statement> body)
    {
        if (body is [Return only])
        {
            Line($"{signature} => {Print(only.Value)};");
            return;
        }

        Line(signature);
        WriteBlock(body);
    }

    private void WriteBlock(ImmutableArray<Statement> body)
    {
        Open();
        foreach (Statement statement in body)
        {
            switch (statement)
            {
                case Declare declare:
                    string value = declare.Value is null ? "" : $" = {Print(declare.Value)}";
                    Line($"{(declare.IsConstant ? "const " : "")}{Type(declare.Kind)} {Escape(declare.Name)}{value};");
                    break;
                case Assign { Value: { } assigned } assign:
                    Line($"{Escape(assign.Name)} {assign.Operator} {Print(assigned)};");
                    break;
                case Assign assign:
                    Line($"{Escape(assign.Name)}{assign.Operator};");
                    break;
                case Return result:
                    Line($"return {Print(result.Value)};");
                    break;
                case Branch branch:
                    Line($"if ({Print(branch.Condition)})");
                    WriteBlock(branch.Then);
                    if (!branch.Else.IsEmpty)
                    {
                        Line("else");
                        WriteBlock(branch.Else);
                    }

                    break;
            }
        }

        Close();
    }

    private string Type(Kind kind) => kind switch
    {
        Kind.Real => rule.IsFloat ? "float" : "double",
        Kind.Bool => "bool",
        _ => "int",
    };

    private void Open()
    {
        Line("{");
        depth++;
    }

    private void Close()
    {
        depth--;
        Line("}");
    }

    private void Line(string line) => text.Append(' ', line.Length == 0 ? 0 : 4 * depth).Append(line).Append('\n');
}
