using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>
/// Makes a random rule, valid by construction: it plans the members (roles, kinds, which reads which) and then writes
/// bodies that may use what the plan offers.
/// </summary>
internal sealed partial class RuleWriter
{
    private readonly Choices choices;
    private readonly HashSet<Construct> favourites = [];
    private readonly bool isFloat;
    private readonly BodyWriter bodies;
    private readonly ExpressionWriter expressions;
    private readonly List<Hyper> hypers = [];
    private readonly List<Helper> helpers = [];
    private string beta = "Beta", gamma = "Gamma", span = "Span";

    private RuleWriter(Choices choices)
    {
        this.choices = choices;
        Construct[] all = Enum.GetValues<Construct>();
        for (int i = 0; i < 30; i++)
        {
            favourites.Add(choices.Of(all));
        }

        // What needs a member of one sort beside one of another is rare even where it is preferred.
        if (choices.Chance(90))
        {
            favourites.Add(
                choices.Of([Construct.WeightElement, Construct.InitialElement, Construct.InitialElement, Construct.ColumnState,
                    Construct.TensorState]));
        }

        isFloat = choices.Chance(25);
        expressions = new ExpressionWriter(choices, isFloat, favourites);
        bodies = new BodyWriter(choices, expressions, favourites);
    }

    internal static RuleSyntax Write(int[] choices) => new RuleWriter(new Choices(choices)).Write();

    private RuleSyntax Write()
    {
        Shape shape = choices.Weighted(
            [(7, Shape.Record), (2, Shape.Class), (1, Shape.NestedRecord), (1, Shape.NestedGenericClass),
                (2, Shape.NestedConstrainedRecord), (2, Shape.NestedHidingClass)]);
        bool fused = choices.Chance(35);
        PlanNames(shape);
        PlanBase();
        PlanHypers(shape is Shape.Class or Shape.NestedGenericClass or Shape.NestedHidingClass);
        MoveToBase(shape);
        bodies.Taken = [.. hypers.Select(hyper => hyper.Name)];
        PlanExtras();
        PlanThrowing();
        List<Plan> plans = PlanMembers();
        WriteHelpers();
        var members = new List<Member>();
        for (int i = 0; i < plans.Count; i++)
        {
            members.Add(WriteMember(plans, i));
        }

        // The order of the text is not that of dependence.
        for (int i = members.Count - 1; i > 0; i--)
        {
            int other = choices.Below(i + 1);
            (members[i], members[other]) = (members[other], members[i]);
        }

        return new RuleSyntax(isFloat, fused, isSplit, shape, [.. hypers], [.. helpers], [.. members]);
    }

    private string Element => isFloat ? "float" : "double";

    private bool Wants(Construct construct, int percent) => choices.Chance(favourites.Contains(construct) ? 75 : percent);

    private void PlanHypers(bool isClass)
    {
        string other = isFloat ? "double" : "float", otherSuffix = isFloat ? "" : "f", suffix = isFloat ? "f" : "";
        HyperForm Form()
            => choices.Weighted(
                [(8, HyperForm.Property), (Weight(Construct.ComputedProperty), HyperForm.Computed),
                    (Weight(Construct.ConstantField), HyperForm.Constant),
            (Weight(Construct.StaticField), HyperForm.Static),
                (isClass ? Weight(Construct.ReadonlyField) + 3 : Weight(Construct.ReadonlyField), HyperForm.ReadonlyField)]);
        hypers.Add(new Hyper("LearningRate", Element, expressions.Literal(choices.Of([0.1, 0.05, 0.3])), HyperForm.Property));
        string[] decays = ["0.9", "0.3", "0.7", "0.0", "0.99", "0.123456789"];
        foreach (string name in (string[])[beta = Named("Beta"), gamma = Named("Gamma")])
        {
            bool otherWidth = Wants(Construct.OtherWidth, 8);
            var hyper = new Hyper(name, otherWidth ? other : Element, choices.Of(decays) + (otherWidth ? otherSuffix : suffix), Form());
            hypers.Add(hyper.Form == HyperForm.Computed && !otherWidth ? hyper with { Value = "1 - LearningRate" } : hyper);
        }

        hypers.Add(new Hyper(span = Named("Span"), choices.Of(["int", Element]), choices.Of(["1", "2", "3", "4"]), Form()));
        if (Wants(Construct.IntHyperparameter, 30))
        {
            hypers.Add(new Hyper(Named("Period"), "int", choices.Of(["0", "1", "2", "3", "-2"]),
                choices.Chance(70) ? HyperForm.Property : HyperForm.Static));
        }

        if (Wants(Construct.BoolHyperparameter, 15))
        {
            hypers.Add(new Hyper(Named("Alternate"), "bool", choices.Of(["true", "false"]),
                choices.Chance(70) ? HyperForm.Property : HyperForm.Static));
        }

        if (Wants(Construct.EnumHyperparameter, 10))
        {
            hypers.Add(new Hyper(Named("Form"), RulePrinter.EnumName, RulePrinter.EnumName + choices.Of([".First", ".Second", ".Third"]),
                choices.Chance(70) ? HyperForm.Property : choices.Of([HyperForm.Static, HyperForm.Constant])));
        }

        if (Wants(Construct.KeywordName, 10))
        {
            hypers.Add(new Hyper("lock", Element, expressions.Literal(choices.Of([0.25, -1.5])), HyperForm.Property));
        }
    }

    private int Weight(Construct construct) => favourites.Contains(construct) ? 12 : 1;

    private void WriteHelpers()
    {
        int count = Favours(Construct.NestedHelper) ? 2 : choices.Below(3);
        if (count == 0
            && (isSplit || Favours(Construct.BaseHelper)
                || Favours(Construct.StaticHelper, Construct.InstanceHelper, Construct.OuterHelper, Construct.BoolHelper,
                    Construct.NamedArguments, Construct.DefaultArgument)))
        {
            count = 1;
        }

        for (int i = 0; i < count; i++)
        {
            bool outer = Wants(Construct.OuterHelper, 20) || (isSplit && choices.Chance(70)), alone = outer
                || Wants(Construct.StaticHelper, 20), inBase = !outer && hasBase
                && Wants(Construct.BaseHelper, 40), uniform = choices.Chance(15), throws = uniform && choices.Chance(50);
            Kind kind = Wants(Construct.BoolHelper, 20) ? Kind.Bool
                : uniform ? choices.Of([Kind.Real, Kind.Int]) : choices.Weighted([(5, Kind.Real), (1, Kind.ChosenInt)]);
            var parameters = new List<Input> { new(Argument(uniform ? "k" : "x", []), uniform ? Kind.Int : Kind.Real) };
            if (choices.Chance(60) || Favours(Construct.NamedArguments))
            {
                parameters.Add(new(Argument("y", parameters), Kind.Real));
            }

            if (Wants(Construct.DefaultArgument, 20))
            {
                parameters.Add(new(Argument("by", parameters), Kind.Real, expressions.Literal(1.5)));
            }

            var variables = parameters.Select(parameter =>
                new Variable(parameter.Name, parameter.Kind, uniform, IsAssignable: parameter.Kind == Kind.Real))
                .Concat(alone ? [] : HyperVariables(inBase));
            var callable = helpers.Where(helper => (throws || !helper.CanThrow)
                && (helper.IsOuter || (!outer && (helper.InBase || !inBase)))).ToImmutableList();
            var scope = new Scope(uniform, throws, [.. variables], callable, []);
            string name = Named($"Helper{i}");
            name = char.IsUpper(name[0]) ? name : $"Helper{i}";
            bodies.Taken.Add(name);
            helpers.Add(new Helper(name, kind, [.. parameters], bodies.Body(kind, scope, 2), outer, inBase, uniform, throws));
        }
    }

    /// <summary>The name of a helper's parameter: none of a value that its body could mean.</summary>
    private string Argument(string plain, List<Input> others)
        => anyNames && choices.Of(EmittedLocals) is var name && !bodies.Taken.Contains(name) && !others.Exists(other => other.Name == name)
        ? name : plain;

    private bool Favours(params Construct[] constructs) => constructs.Any(favourites.Contains);
}
