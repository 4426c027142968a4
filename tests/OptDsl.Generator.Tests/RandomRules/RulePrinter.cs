using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Prints a random rule as an author would write it.</summary>
internal sealed class RulePrinter
{
    /// <summary>The enum that every rule's namespace has.</summary>
    internal const string EnumName = "Choice";

    private readonly StringBuilder text = new();
    private readonly RuleSyntax rule;
    private int depth;

    private RulePrinter(RuleSyntax rule) => this.rule = rule;

    /// <summary>Its files: one, or two where it is split.</summary>
    internal static string[] Print(RuleSyntax rule, string space) => [.. (rule.IsSplit ? (bool[])[false, true] : [false]).Select(second =>
    {
        var printer = new RulePrinter(rule);
        printer.Write(space, second);
        return printer.text.ToString();
    })];

    internal static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name
        : "@" + name;

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

    private void Write(string space, bool second)
    {
        Line($"namespace {space};");
        Line("");
        string[] outer = rule.Shape switch
        {
            Shape.NestedRecord => ["public partial struct Outer", "public partial interface IMiddle"],
            Shape.NestedGenericClass => ["public partial class Outer<T>"],
            Shape.NestedConstrainedRecord =>
                ["public partial class Outer<T, TOther>" + (second ? "" : " where T : struct, IComparable<T> where TOther : class, new()"),
                    "public partial struct Middle<TThird>" + (second ? "" : " where TThird : unmanaged")],
            Shape.NestedHidingClass => ["public partial class Outer<T, TOther>" + (second ? "" : " where T : class where TOther : struct")],
            _ => [],
        };
        foreach (string layer in outer)
        {
            Line(layer);
            Open();
        }

        WriteRule(second);
        foreach (string _ in outer)
        {
            Close();
        }

        if (!second && rule.Hypers.Any(hyper => hyper.Type == EnumName))
        {
            Line("");
            Line($"public enum {EnumName} {{ First, Second = 3, Third = -7 }}");
        }

        if (rule.Helpers.Any(helper => helper.IsOuter))
        {
            Line("");
            Line($"{(rule.IsSplit ? "file" : "internal")} static class Shared");
            Open();
            foreach (Helper helper in rule.Helpers.Where(helper => helper.IsOuter))
            {
                WriteHelper(second ? Twin(helper) : helper);
            }

            Close();
        }

        if (rule.HasBase && !second)
        {
            Line("");
            Line($"public {(rule.IsClass ? "class" : "record")} Base");
            Open();
            WriteHypers(rule.Hypers.Where(hyper => hyper.InBase));
            WriteHelpers(rule.Helpers.Where(helper => helper.InBase));
            Close();
        }
    }

    /// <summary>The helper of the same name in the second file: it returns the opposite.</summary>
    private static Helper Twin(Helper helper) => helper with { Body = Opposite(helper.Body) };

    private static ImmutableArray<Statement> Opposite(ImmutableArray<Statement> body) => [.. body.Select(statement => statement switch
    {
        Return { Value: { Kind: Kind.Real or Kind.Int } value } =>
            new Return(new Expr(value.Kind, "(-$0)", null, Instance: false, [value])),
        Return { Value: { Kind: Kind.Bool } value } => new Return(new Expr(value.Kind, "!$0", null, Instance: false, [value])),
        Branch branch => branch with { Then = Opposite(branch.Then), Else = Opposite(branch.Else) },
        _ => statement,
    })];

    private void WriteRule(bool second)
    {
        string name = rule.Shape == Shape.NestedHidingClass ? "Rule<T>" : "Rule", parent = rule.HasBase ? " : Base" : "";
        string constraint = rule.Shape == Shape.NestedHidingClass ? " where T : unmanaged" : "";
        if (second)
        {
            Line($"public sealed partial {(rule.IsClass ? "class" : "record")} {name}");
            Open();
            WriteMembers(rule.Members.Where(member => member.InSecondFile));
            Close();
            return;
        }

        Line(rule.IsFused ? "[Optimizer(Arithmetic = Arithmetic.Fused)]" : "[Optimizer]");
        // A positional property of the name of a base's would be the base's.
        var positional = rule.IsClass ? []
            : rule.Hypers.Where(hyper => hyper.Form == HyperForm.Property && !hyper.InBase && !rule.Hides(hyper)).ToList();
        Line($"public sealed partial {(rule.IsClass ? "class" : "record")} {name}" + (positional.Count == 0 ? ""
            : $"({string.Join(", ", positional.Select(hyper => $"{hyper.Type} {Escape(hyper.Name)} = {hyper.Value}"))})") + parent
            + constraint);
        Open();
        WriteHypers(rule.Hypers.Where(hyper => !hyper.InBase && !positional.Contains(hyper)));
        WriteHelpers(rule.Helpers.Where(helper => !helper.IsOuter && !helper.InBase));
        WriteMembers(rule.Members.Where(member => !rule.IsSplit || !member.InSecondFile));
        Close();
    }

    private void WriteHypers(IEnumerable<Hyper> hypers)
    {
        foreach (Hyper hyper in hypers)
        {
            // What kernels read of a base they read as others do.
            string name = Escape(hyper.Name), access = hyper.InBase ? "public " : rule.Hides(hyper) ? "public new " : "";
            Line(hyper.Form switch
            {
                HyperForm.Property => $"{(access.Length == 0 ? "public " : access)}{hyper.Type} {name} {{ get; init; }} = {hyper.Value};",
                HyperForm.ReadonlyField => $"{access}readonly {hyper.Type} {name} = {hyper.Value};",
                HyperForm.Computed => $"{access}{hyper.Type} {name} => {hyper.Value};",
                HyperForm.Constant => $"{access}const {hyper.Type} {name} = {hyper.Value};",
                _ => $"{access}static readonly {hyper.Type} {name} = {hyper.Value};",
            });
        }
    }

    private void WriteHelpers(IEnumerable<Helper> helpers)
    {
        foreach (Helper helper in helpers)
        {
            WriteHelper(helper);
        }
    }

    private void WriteMembers(IEnumerable<Member> members)
    {
        foreach (Member member in members)
        {
            WriteMember(member);
        }
    }

    private void WriteHelper(Helper helper)
    {
        string parameters = string.Join(", ",
            helper.Parameters.Select(parameter => $"{Type(parameter.Kind)} {Escape(parameter.Name)}"
                + (parameter.Default is null ? "" : $" = {parameter.Default}")));
        string access = helper.IsOuter ? "internal static "
            : (helper.InBase ? "protected " : "") + (Sizes.ReadsInstance(helper.Body) ? "" : "static ");
        WriteMethod($"{access}{Type(helper.Kind)} {Escape(helper.Name)}({parameters})", helper.Body);
    }

    private void WriteMember(Member member)
    {
        string[] settings =
        [
            .. new[] { member.Setting, member.Corrected ? "Correction = BiasCorrection.Published"
                : "", member.Initial.Length > 0 ? $"Initial = {member.Initial}" : "" }
                .Where(setting => setting.Length > 0),
        ];
        if (member.IsObserved)
        {
            Line("[Observe]");
        }

        Line($"[{member.Role}{(settings.Length > 0 ? $"({string.Join(", ", settings)})" : "")}]");
        string inputs = string.Join(", ",
            member.Inputs.Select(input =>
                $"{input.Attribute}{(input.Attribute.Length > 0 ? " " : "")}{Type(input.Kind)} {Escape(input.Name)}"));
        WriteMethod($"{(Sizes.ReadsInstance(member.Body) ? "" : "static ")}{Type(member.Kind)} {Escape(member.Name)}({inputs})",
            member.Body);
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
