using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Base types, and helpers of a name in two files.</content>
internal sealed partial class RuleWriter
{
    private bool hasBase, isSplit;

    private void PlanBase()
    {
        hasBase = Wants(Construct.BaseValue, 12) || Favours(Construct.BaseHelper, Construct.HiddenValue, Construct.ReadOfHidden);
        isSplit = Wants(Construct.SplitRule, 8) || Favours(Construct.TwinHelpers);
    }

    /// <summary>Moves some values to the base type, and hides one of them.</summary>
    private void MoveToBase(Shape shape)
    {
        if (shape == Shape.NestedHidingClass)
        {
            // The type that a static value lies in cannot be named where its type parameter is hidden.
            for (int i = 0; i < hypers.Count; i++)
            {
                hypers[i] = hypers[i].Form == HyperForm.Static ? hypers[i] with { Form = HyperForm.ReadonlyField } : hypers[i];
            }
        }

        if (!hasBase)
        {
            return;
        }

        for (int i = 0; i < hypers.Count; i++)
        {
            // What a computed property reads is declared in the rule.
            if (hypers[i].Form != HyperForm.Computed && choices.Chance(50))
            {
                hypers[i] = hypers[i] with { InBase = true };
            }
        }

        if (Wants(Construct.HiddenValue, 50))
        {
            string name = Named("Hidden"), other = choices.Weighted([(4, Element), (1, "int")]);
            HyperForm below = choices.Of([HyperForm.Property, HyperForm.ReadonlyField, HyperForm.Computed]);
            hypers.Add(new Hyper(name, Element, expressions.Literal(choices.Of([0.5, 1.25, -2])), below, InBase: true));
            hypers.Add(new Hyper(name, other, other == "int" ? "3" : expressions.Literal(0.125),
                choices.Of([HyperForm.Property, HyperForm.ReadonlyField, HyperForm.Computed, HyperForm.Constant])));
        }
    }

    private IEnumerable<Hyper> HidingHypers
        => hypers.Where(hyper => !hyper.InBase && hypers.Exists(below => below.InBase && below.Name == hyper.Name));

    /// <summary>What a body of the rule, or of its base, can read of the rule's values.</summary>
    private IEnumerable<Variable> HyperVariables(bool ofBase)
    {
        foreach (Hyper hyper in hypers.Where(hyper => hyper.InBase || !ofBase))
        {
            bool isHidden = !ofBase && hyper.InBase && HidingHypers.Any(hiding => hiding.Name == hyper.Name);
            string read = (isHidden ? "base." : "") + RulePrinter.Escape(hyper.Name);
            if (hyper.Type == RulePrinter.EnumName)
            {
                yield return new Variable($"(int){read}", Kind.Int, IsUniform: true, IsAssignable: false, hyper.IsInstance,
                    hyper.Form == HyperForm.Constant);
                yield return new Variable($"({read} == {RulePrinter.EnumName}.Second)", Kind.Bool, IsUniform: true, IsAssignable: false,
                    hyper.IsInstance);
                yield return new Variable($"({read} is {RulePrinter.EnumName}.First or {RulePrinter.EnumName}.Third)", Kind.Bool,
                    IsUniform: true, IsAssignable: false, hyper.IsInstance);
                continue;
            }

            Kind kind = hyper.Type switch { "int" => Kind.Int, "bool" => Kind.Bool, _ => Kind.Real };
            bool isOther = kind == Kind.Real && hyper.Type != Element;
            yield return new Variable(isOther ? $"({Element}){read}" : read, kind, IsUniform: true, IsAssignable: false, hyper.IsInstance,
                hyper.Form == HyperForm.Constant && !isOther);
        }
    }

    /// <summary>
    /// Adds to what a member returns what this rule is about: a hidden value, a helper of the base, a helper that has a twin in the other
    /// file.
    /// </summary>
    private ImmutableArray<Statement> ReadRare(ImmutableArray<Statement> body, Plan plan, List<Input> inputs)
    {
        foreach (Expr term in RareTerms(inputs))
        {
            if (plan.Shape is null && choices.Chance(45) && body is [.., Return { Value.Kind: Kind.Real } last])
            {
                body = body.SetItem(body.Length - 1,
                    new Return(new Expr(Kind.Real, choices.Of(["($0 + $1)", "($0 - $1)"]), null, Instance: false, [last.Value, term])));
            }
        }

        return body;
    }

    private IEnumerable<Expr> RareTerms(List<Input> inputs)
    {
        foreach (Variable hidden in HyperVariables(ofBase: false)
            .Where(variable => variable.Name.Contains("base.", StringComparison.Ordinal) && variable.Kind == Kind.Real))
        {
            yield return new Expr(Kind.Real, hidden.Name, null, Instance: true, []);
        }

        // Mostly literals: twins are told apart where both files call them with the same values.
        Input? real = choices.Chance(70) ? null : inputs.Find(input => input.Kind == Kind.Real);
        foreach (Helper helper in helpers.Where(helper => !helper.CanThrow && (helper.InBase || (helper.IsOuter && isSplit))))
        {
            Expr call = ExpressionWriter.Call(helper, [.. helper.Parameters.Select(parameter => ExpressionWriter.Text(parameter.Kind,
                parameter.Kind == Kind.Int ? "3"
                    : real is null || helper.IsUniform ? expressions.Literal(0.75) : RulePrinter.Escape(real.Name)))]);
            yield return helper.Kind switch
            {
                Kind.Real => call,
                Kind.Bool =>
                    new Expr(Kind.Real, $"($0 ? {expressions.Literal(1)} : {expressions.Literal(0.25)})", Construct.Conditional,
                        Instance: false, [call]),
                _ => new Expr(Kind.Real, $"({Element})$0", null, Instance: false, [call]),
            };
        }
    }
}
