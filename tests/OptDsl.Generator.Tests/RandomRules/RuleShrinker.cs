using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>
/// Rules one change smaller, the largest changes first. They need not be valid: whoever tries one finds out by compiling it.
/// </summary>
internal static class RuleShrinker
{
    internal static IEnumerable<RuleSyntax> Shrink(RuleSyntax rule)
        => Whole(rule).Concat(Inputs(rule)).Concat(Bodies(rule)).Where(smaller => smaller.Size < rule.Size);

    private static IEnumerable<RuleSyntax> Whole(RuleSyntax rule)
    {
        foreach (Member member in rule.Members.Where(member => member.Role != "Update"))
        {
            yield return Drop(rule, member);
        }

        foreach (Helper helper in rule.Helpers.Where(helper => !rule.Bodies.Any(body => Mentions(body, helper.Name))))
        {
            yield return rule with { Helpers = rule.Helpers.Remove(helper) };
        }

        foreach (Hyper hyper in rule.Hypers.Where(hyper => !IsRead(rule, hyper.Name)))
        {
            yield return rule with { Hypers = rule.Hypers.Remove(hyper) };
        }

        yield return rule with { IsFused = false };
        yield return rule with { IsSplit = false, Members = [.. rule.Members.Select(member => member with { InSecondFile = false })] };
        foreach (Hyper hyper in rule.Hypers.Where(hyper => hyper.InBase))
        {
            yield return rule with { Hypers = rule.Hypers.Replace(hyper, hyper with { InBase = false }) };
            yield return rule with { Hypers = rule.Hypers.Remove(hyper) };
        }

        foreach (Helper helper in rule.Helpers.Where(helper => helper.InBase))
        {
            yield return rule with { Helpers = rule.Helpers.Replace(helper, helper with { InBase = false }) };
        }

        foreach (Member member in rule.Members.Where(member => member.InSecondFile))
        {
            yield return rule with { Members = rule.Members.Replace(member, member with { InSecondFile = false }) };
        }

        yield return rule with { Shape = Shape.Record };
        foreach (Member member in rule.Members)
        {
            yield return rule with { Members = rule.Members.Replace(member, member with { Initial = "" }) };
            yield return rule with { Members = rule.Members.Replace(member, member with { Corrected = false }) };
            yield return rule with { Members = rule.Members.Replace(member, member with { IsObserved = false }) };
            yield return rule with { Members = rule.Members.Replace(member, member with { Setting = Unscoped(member.Setting) }) };
            yield return rule with
            {
                Members = rule.Members.Replace(member,
                member with { Inputs = [.. member.Inputs.Select(input => input with { Attribute = Unscoped(input.Attribute) })] })
            };
            if (member.Role == "RunningAverage")
            {
                yield return rule with { Members = rule.Members.Replace(member, AsState(member)) };
            }
        }
    }

    /// <summary>An attribute's text without its scope.</summary>
    private static string Unscoped(string attribute) => Regex.Replace(attribute, @"(\(Scope = Scope\.\w+\)|, Scope = Scope\.\w+)", "");

    private static Member AsState(Member average) => average with { Role = "State", Setting = "", Corrected = false };

    /// <summary>The member without what its attribute says of another that is gone.</summary>
    private static Member Forget(Member member, string name)
    {
        member = member.Initial == $"nameof({name})" ? member with { Initial = "" } : member;
        return member.Setting.EndsWith($"nameof({name})", StringComparison.Ordinal) ? AsState(member) : member;
    }

    private static RuleSyntax Drop(RuleSyntax rule, Member member)
    {
        RuleSyntax smaller = rule with { Members = [.. rule.Members.Remove(member).Select(other => Forget(other, member.Name))] };
        foreach (string point in smaller.Members.SelectMany(other => other.Inputs)
            .Where(input => input.Attribute.Contains($"({member.Name})", StringComparison.Ordinal)).Select(input => input.Name).Distinct()
            .ToList())
        {
            smaller = smaller with { Members = [.. smaller.Members.Select(other => DropInput(other, point, rule.IsFloat))] };
        }

        foreach (string name in new[] { member.InputName, Sizes.Past(member.Name) })
        {
            smaller = smaller with { Members = [.. smaller.Members.Select(other => DropInput(other, name, rule.IsFloat))] };
        }

        return smaller;
    }

    private static IEnumerable<RuleSyntax> Inputs(RuleSyntax rule)
        => from member in rule.Members
           from input in member.Inputs
           from smaller in new[]
           {
               rule with { Members = [.. rule.Members.Select(other => DropInput(other, input.Name, rule.IsFloat))] },
               rule with { Members = rule.Members.Replace(member, DropInput(member, input.Name, rule.IsFloat)) },
           }
           select smaller;

    private static Member DropInput(Member member, string name, bool isFloat)
    {
        Input? input = member.Inputs.FirstOrDefault(input => input.Name == name);
        string escaped = RulePrinter.Escape(name);
        return input is null ? member : member with
        {
            Inputs = member.Inputs.Remove(input),
            Body = Map(member.Body, part => part.Operands.IsEmpty && part.Form == escaped ? Literal(part.Kind, isFloat) : part),
        };
    }

    private static IEnumerable<RuleSyntax> Bodies(RuleSyntax rule)
    {
        foreach (Member member in rule.Members)
        {
            foreach (ImmutableArray<Statement> body in Blocks(member.Body, rule.IsFloat))
            {
                yield return rule with { Members = rule.Members.Replace(member, member with { Body = body }) };
            }
        }

        foreach (Helper helper in rule.Helpers)
        {
            foreach (ImmutableArray<Statement> body in Blocks(helper.Body, rule.IsFloat))
            {
                yield return rule with { Helpers = rule.Helpers.Replace(helper, helper with { Body = body }) };
            }
        }
    }

    private static IEnumerable<ImmutableArray<Statement>> Blocks(ImmutableArray<Statement> body, bool isFloat)
    {
        for (int i = 0; i < body.Length; i++)
        {
            if (body.Length > 1)
            {
                yield return body.RemoveAt(i);
            }

            if (body[i] is Branch split)
            {
                yield return [.. body[..i], .. split.Then, .. body[(i + 1)..]];
                yield return [.. body[..i], .. split.Else, .. body[(i + 1)..]];
            }
        }

        for (int i = 0; i < body.Length; i++)
        {
            foreach (Statement smaller in Statements(body[i], isFloat))
            {
                yield return body.SetItem(i, smaller);
            }
        }
    }

    private static IEnumerable<Statement> Statements(Statement statement, bool isFloat)
    {
        switch (statement)
        {
            case Declare { Value: { } value } declare:
                return Expressions(value, isFloat).Select(smaller => declare with { Value = smaller });
            case Assign { Value: { } value } assign:
                return Expressions(value, isFloat).Select(smaller => assign with { Value = smaller });
            case Return result:
                return Expressions(result.Value, isFloat).Select(smaller => result with { Value = smaller });
            case Branch branch:
                return Expressions(branch.Condition, isFloat).Select(smaller => branch with { Condition = smaller })
                    .Concat(Blocks(branch.Then, isFloat).Select(then => branch with { Then = then }))
                    .Concat(Blocks(branch.Else, isFloat).Select(otherwise => branch with { Else = otherwise }))
                    .Concat(branch.Else.IsEmpty ? [] : [branch with { Else = [] }]);
            default:
                return [];
        }
    }

    private static IEnumerable<Expr> Expressions(Expr expression, bool isFloat)
    {
        foreach (Expr operand in expression.Operands.Where(operand => operand.Kind == expression.Kind))
        {
            yield return operand;
        }

        if (!expression.Operands.IsEmpty)
        {
            yield return Literal(expression.Kind, isFloat);
        }

        for (int i = 0; i < expression.Operands.Length; i++)
        {
            foreach (Expr smaller in Expressions(expression.Operands[i], isFloat))
            {
                yield return expression with { Operands = expression.Operands.SetItem(i, smaller) };
            }
        }
    }

    private static ImmutableArray<Statement> Map(ImmutableArray<Statement> body, Func<Expr, Expr> change)
        => [.. body.Select(statement => statement switch
    {
        Declare { Value: { } value } declare => declare with { Value = Map(value, change) },
        Assign { Value: { } value } assign => assign with { Value = Map(value, change) },
        Return result => result with { Value = Map(result.Value, change) },
        Branch branch =>
            branch with { Condition = Map(branch.Condition, change), Then = Map(branch.Then, change), Else = Map(branch.Else, change) },
        _ => statement,
    })];

    private static Expr Map(Expr expression, Func<Expr, Expr> change)
        => change(expression) is var changed && changed != expression ? changed
        : expression with { Operands = [.. expression.Operands.Select(operand => Map(operand, change))] };

    private static Expr Literal(Kind kind, bool isFloat)
        => ExpressionWriter.Text(kind, kind switch { Kind.Real => isFloat ? "1.5f" : "1.5", Kind.Bool => "true", _ => "2" });

    private static bool IsRead(RuleSyntax rule, string name)
        => rule.Bodies.Any(body => Mentions(body, name))
            || rule.Members.Any(member => Mentions(member.Setting, name) || Mentions(member.Initial, name))
            || rule.Hypers.Any(hyper => Mentions(hyper.Value, name));

    private static bool Mentions(ImmutableArray<Statement> body, string name)
        => Sizes.Expressions(body).Any(expression => Mentions(RulePrinter.Print(expression), name));

    private static bool Mentions(string text, string name) => Regex.IsMatch(text, $@"\b{Regex.Escape(name)}\b");
}
