using System.Collections.Immutable;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>
/// Makes a random rule, valid by construction: it plans the members (roles, kinds, which reads which) and then writes
/// bodies that may use what the plan offers.
/// </summary>
internal sealed class RuleWriter
{
    private static readonly string[] Names = ["Mean", "Velocity", "Scale", "Trend", "Event", "Spread", "Advance", "Memory", "Fixed"];

    private readonly Choices choices;
    private readonly HashSet<Construct> favourites = [];
    private readonly bool isFloat;
    private readonly BodyWriter bodies;
    private readonly ExpressionWriter expressions;
    private readonly List<Hyper> hypers = [];
    private readonly List<Helper> helpers = [];

    private RuleWriter(Choices choices)
    {
        this.choices = choices;
        Construct[] all = Enum.GetValues<Construct>();
        for (int i = 0; i < 12; i++)
        {
            favourites.Add(choices.Of(all));
        }

        isFloat = choices.Chance(25);
        expressions = new ExpressionWriter(choices, isFloat, favourites);
        bodies = new BodyWriter(choices, expressions, favourites);
    }

    internal static RuleSyntax Write(int[] choices) => new RuleWriter(new Choices(choices)).Write();

    private RuleSyntax Write()
    {
        Shape shape = choices.Weighted([(6, Shape.Record), (2, Shape.Class), (1, Shape.NestedRecord), (1, Shape.NestedGenericClass)]);
        bool fused = choices.Chance(35);
        PlanHypers(shape is Shape.Class or Shape.NestedGenericClass);
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

        return new RuleSyntax(isFloat, fused, shape, [.. hypers], [.. helpers], [.. members]);
    }

    private string Element => isFloat ? "float" : "double";

    private bool Wants(Construct construct, int percent) => choices.Chance(favourites.Contains(construct) ? 75 : percent);

    private void PlanHypers(bool isClass)
    {
        string other = isFloat ? "double" : "float", otherSuffix = isFloat ? "" : "f", suffix = isFloat ? "f" : "";
        HyperForm Form() => choices.Weighted([(8, HyperForm.Property), (Weight(Construct.ComputedProperty), HyperForm.Computed), (Weight(Construct.ConstantField), HyperForm.Constant),
            (Weight(Construct.StaticField), HyperForm.Static), (isClass ? Weight(Construct.ReadonlyField) + 3 : Weight(Construct.ReadonlyField), HyperForm.ReadonlyField)]);
        hypers.Add(new Hyper("LearningRate", Element, expressions.Literal(choices.Of([0.1, 0.05, 0.3])), HyperForm.Property));
        string[] decays = ["0.9", "0.3", "0.7", "0.0", "0.99", "0.123456789"];
        foreach (string name in new[] { "Beta", "Gamma" })
        {
            bool otherWidth = Wants(Construct.OtherWidth, 8);
            var hyper = new Hyper(name, otherWidth ? other : Element, choices.Of(decays) + (otherWidth ? otherSuffix : suffix), Form());
            hypers.Add(hyper.Form == HyperForm.Computed && !otherWidth ? hyper with { Value = "1 - LearningRate" } : hyper);
        }

        hypers.Add(new Hyper("Span", choices.Of(["int", Element]), choices.Of(["1", "2", "3", "4"]), Form()));
        if (Wants(Construct.IntHyperparameter, 30))
        {
            hypers.Add(new Hyper("Period", "int", choices.Of(["0", "1", "2", "3", "-2"]), choices.Chance(70) ? HyperForm.Property : HyperForm.Static));
        }

        if (Wants(Construct.BoolHyperparameter, 15))
        {
            hypers.Add(new Hyper("Alternate", "bool", choices.Of(["true", "false"]), choices.Chance(70) ? HyperForm.Property : HyperForm.Static));
        }

        if (Wants(Construct.KeywordName, 10))
        {
            hypers.Add(new Hyper("lock", Element, expressions.Literal(choices.Of([0.25, -1.5])), HyperForm.Property));
        }
    }

    private int Weight(Construct construct) => favourites.Contains(construct) ? 12 : 1;

    private sealed class Plan(string name, string role, Kind kind, bool isUniform)
    {
        internal string Name => name;

        internal string Role => role;

        internal Kind Kind => kind;

        internal bool IsUniform => isUniform;

        internal Construct? Shape { get; set; }

        internal int Partner { get; set; } = -1;

        internal string InputName => char.ToLowerInvariant(name[0]) + name[1..];

        internal bool HasMemory => role is "State" or "RunningAverage";
    }

    /// <summary>The members, each after those whose value of this step it may read.</summary>
    private List<Plan> PlanMembers()
    {
        var names = Names.ToList();
        string NewName()
        {
            string name = choices.Of(names);
            names.Remove(name);
            return name;
        }

        var plans = new List<Plan>();
        int count = 1 + choices.Below(4);
        for (int i = 0; i < count; i++)
        {
            string role = choices.Weighted([(5, "State"), (4, "RunningAverage"), (3, "Derived"), (Weight(Construct.Rate), "Rate")]);
            bool uniform = Wants(Construct.UniformState, 12) || (role == "RunningAverage" && Wants(Construct.UniformAverage, 5));
            Kind kind = role != "Derived" ? Kind.Real
                : uniform ? choices.Weighted([(2, Kind.Real), (Weight(Construct.UniformInt) + 1, Kind.Int), (Weight(Construct.UniformBool) + 1, Kind.Bool)])
                : choices.Weighted([(3, Kind.Real), (Weight(Construct.DerivedBool), Kind.Bool)]);
            plans.Add(new Plan(NewName(), role, kind, uniform) { Shape = role == "State" && Wants(Construct.CopyingState, 35) ? Construct.CopyingState : null });
        }

        foreach ((Construct construct, Kind kind) in new[] { (Construct.UniformInt, Kind.Int), (Construct.UniformBool, Kind.Bool), (Construct.UniformDerived, Kind.Real) })
        {
            if (Wants(construct, 6) && names.Count > 3)
            {
                plans.Insert(choices.Below(plans.Count), new Plan(NewName(), "Derived", kind, isUniform: true));
            }
        }

        if (Wants(Construct.DerivedBool, 6) && names.Count > 2)
        {
            plans.Insert(choices.Below(plans.Count), new Plan(NewName(), "Derived", Kind.Bool, isUniform: false));
        }

        if (Wants(Construct.SwappedStates, 8) && names.Count > 1)
        {
            int first = plans.Count;
            plans.Add(new Plan(NewName(), "State", Kind.Real, isUniform: false) { Shape = Construct.SwappedStates, Partner = first + 1 });
            plans.Add(new Plan(NewName(), "State", Kind.Real, isUniform: false) { Shape = Construct.SwappedStates, Partner = first });
        }

        // What comes after the update may read the new parameter.
        int place = Wants(Construct.NewParameter, 30) ? choices.Below(plans.Count) : plans.Count;
        if (plans.Exists(plan => plan.Shape == Construct.SwappedStates))
        {
            place = plans.Count;
        }

        plans.Insert(place, new Plan(choices.Of(["Update", "Next"]), "Update", Kind.Real, isUniform: false) { Shape = Wants(Construct.CopyingUpdate, 10) ? Construct.CopyingUpdate : null });
        return plans;
    }

    private void WriteHelpers()
    {
        int count = Favours(Construct.NestedHelper) ? 2 : choices.Below(3);
        if (count == 0 && Favours(Construct.StaticHelper, Construct.InstanceHelper, Construct.OuterHelper, Construct.BoolHelper, Construct.NamedArguments, Construct.DefaultArgument))
        {
            count = 1;
        }

        for (int i = 0; i < count; i++)
        {
            bool outer = Wants(Construct.OuterHelper, 20), alone = outer || Wants(Construct.StaticHelper, 20), uniform = choices.Chance(15), throws = uniform && choices.Chance(50);
            Kind kind = Wants(Construct.BoolHelper, 20) ? Kind.Bool : uniform ? choices.Of([Kind.Real, Kind.Int]) : choices.Weighted([(5, Kind.Real), (1, Kind.ChosenInt)]);
            var parameters = new List<Input> { new(uniform ? "k" : "x", uniform ? Kind.Int : Kind.Real) };
            if (choices.Chance(60) || Favours(Construct.NamedArguments))
            {
                parameters.Add(new("y", Kind.Real));
            }

            if (Wants(Construct.DefaultArgument, 20))
            {
                parameters.Add(new("by", Kind.Real, expressions.Literal(1.5)));
            }

            var variables = parameters.Select(parameter => new Variable(parameter.Name, parameter.Kind, uniform, IsAssignable: parameter.Kind == Kind.Real)).Concat(alone ? [] : HyperVariables());
            var callable = helpers.Where(helper => (throws || !helper.CanThrow) && (!outer || helper.IsOuter)).ToImmutableList();
            var scope = new Scope(uniform, throws, [.. variables], callable, []);
            helpers.Add(new Helper($"Helper{i}", kind, [.. parameters], bodies.Body(kind, scope, 2), outer, uniform, throws));
        }
    }

    private bool Favours(params Construct[] constructs) => constructs.Any(favourites.Contains);

    private IEnumerable<Variable> HyperVariables() => hypers.Where(hyper => hyper.Type is "int" or "bool" || hyper.Type == Element).Select(hyper =>
        new Variable(hyper.Name, hyper.Type switch { "int" => Kind.Int, "bool" => Kind.Bool, _ => Kind.Real }, IsUniform: true, IsAssignable: false, hyper.IsInstance, hyper.Form == HyperForm.Constant))
        .Concat(hypers.Where(hyper => hyper.Type is "double" or "float" && hyper.Type != Element)
            .Select(hyper => new Variable($"({Element}){hyper.Name}", Kind.Real, IsUniform: true, IsAssignable: false, hyper.IsInstance)));

    private Member WriteMember(List<Plan> plans, int index)
    {
        Plan plan = plans[index];
        List<Input> inputs = Inputs(plans, index);
        string setting = "", initial = "";
        bool corrected = false;
        if (plan.Role == "RunningAverage")
        {
            bool window = Wants(Construct.Window, 30);
            setting = window ? "Window = nameof(Span)" : $"Decay = nameof({choices.Of(["Beta", "Gamma"])})";
            corrected = !window && Wants(Construct.PublishedCorrection, 50);
        }

        if (plan.HasMemory && Wants(Construct.InitialConstant, 25))
        {
            initial = choices.Of(["1.5", "2", "-0.5", "0.1f", "7"]);
        }
        else if (plan.HasMemory && Wants(Construct.InitialName, 15))
        {
            initial = $"nameof({choices.Of(["LearningRate", "Beta", "Span"])})";
        }

        ImmutableArray<Statement> body = Copy(plan, inputs) is { } copied
            ? [new Return(ExpressionWriter.Text(Kind.Real, copied))]
            : ReadMore(bodies.Body(plan.Kind, Scope(plans, plan, inputs), plan.Role == "Update" ? 4 : 3), plan.Kind, inputs);
        return new Member(plan.Name, plan.Role, plan.Kind, plan.IsUniform, setting, corrected, initial, [.. inputs], body);
    }

    /// <summary>Adds inputs that the body leaves aside to what it returns: what nobody reads, no comparison sees.</summary>
    private ImmutableArray<Statement> ReadMore(ImmutableArray<Statement> body, Kind kind, List<Input> inputs)
    {
        var read = Sizes.Expressions(body).SelectMany(root => root.All).Select(part => part.Form).ToHashSet();
        foreach (Input input in inputs.Where(input => kind == Kind.Real && input.Kind == Kind.Real && !read.Contains(RulePrinter.Escape(input.Name))))
        {
            if (choices.Chance(60) && body is [.., Return last])
            {
                (string form, Construct construct) = choices.Of([("($0 + $1)", Construct.Add), ("($0 - $1)", Construct.Subtract), ("($0 * $1)", Construct.Multiply)]);
                Expr more = ExpressionWriter.Text(Kind.Real, RulePrinter.Escape(input.Name));
                body = body.SetItem(body.Length - 1, new Return(new Expr(Kind.Real, form, construct, Instance: false, [last.Value, more])));
            }
        }

        return body;
    }

    private Scope Scope(List<Plan> plans, Plan plan, List<Input> inputs)
    {
        IEnumerable<Variable> variables = inputs.Select(input => new Variable(input.Name, input.Kind,
            IsUniform: plan.IsUniform || IsUniformInput(plans, input.Name), IsAssignable: input.Kind != Kind.Int && choices.Chance(30)));
        return new Scope(plan.IsUniform, CanThrow: true, [.. variables.Concat(HyperVariables())], [.. helpers], []);
    }

    private static bool IsUniformInput(List<Plan> plans, string name)
        => name is "step" or "previousStep" || plans.Exists(plan => plan.IsUniform && (plan.InputName == name || "previous" + plan.Name == name));

    /// <summary>What a member that copies another value returns, or null.</summary>
    private string? Copy(Plan plan, List<Input> inputs)
    {
        if (plan.Shape == Construct.SwappedStates)
        {
            return RulePrinter.Escape(inputs[0].Name);
        }

        var reals = inputs.Where(input => input.Kind == Kind.Real).ToList();
        if (plan.Shape is null || reals.Count == 0)
        {
            return null;
        }

        return plan.Shape == Construct.CopyingState && choices.Chance(15) ? expressions.Literal(choices.Of([0.0, 1, -2.5])) : RulePrinter.Escape(choices.Of(reals).Name);
    }

    private List<Input> Inputs(List<Plan> plans, int index)
    {
        Plan plan = plans[index];
        if (plan.Shape == Construct.SwappedStates)
        {
            // Without another input the two would be uniform.
            Input partner = new("previous" + plans[plan.Partner].Name, Kind.Real);
            return choices.Chance(75) ? [partner, new("gradient", Kind.Real)] : [partner];
        }

        var inputs = new List<Input>();
        void Add(string name, Kind kind)
        {
            if (!inputs.Exists(input => input.Name == name))
            {
                inputs.Add(new Input(name, kind));
            }
        }

        foreach (Plan earlier in plans.Take(index).Where(earlier => earlier.IsUniform || !plan.IsUniform))
        {
            if (choices.Chance(plan.Role == "Update" || earlier.Role == "Update" ? 70 : 40))
            {
                Add(earlier.InputName, earlier.Kind);
            }
        }

        foreach (Plan any in plans.Where(any => any.IsUniform || (!plan.IsUniform && any.Kind != Kind.Bool)))
        {
            if (Wants(Past(any), any == plan && plan.HasMemory ? 65 : 12))
            {
                Add("previous" + any.Name, any.Kind);
            }
        }

        if (Wants(Construct.Step, plan.IsUniform ? 70 : 15) || Favours(Construct.GuardedReturn, Construct.GuardedDivision, Construct.IntDivision, Construct.IntRemainder))
        {
            Add("step", Kind.Int);
        }

        if (Wants(Construct.PreviousStep, 4))
        {
            Add("previousStep", Kind.Int);
        }

        if (!plan.IsUniform)
        {
            bool update = plan.Role == "Update", copies = plan.Shape is not null;
            foreach ((string name, int percent) in new[] { ("gradient", copies ? 35 : 80), ("parameter", update ? copies ? 20 : 90 : 20) })
            {
                if (choices.Chance(percent))
                {
                    Add(name, Kind.Real);
                }
            }

            if (Wants(Construct.PreviousGradient, 6))
            {
                Add("previousGradient", Kind.Real);
            }

            if (Wants(Construct.PreviousParameter, 6))
            {
                Add("previousParameter", Kind.Real);
            }

            // Its own past does not make a member one per parameter.
            if (plan.Role != "Update" && !inputs.Exists(input => input.Name != "previous" + plan.Name && !IsUniformInput(plans, input.Name)))
            {
                Add(choices.Of(["gradient", "parameter"]), Kind.Real);
            }
        }

        return inputs;
    }

    private static Construct Past(Plan plan)
        => plan.IsUniform ? Construct.PreviousUniform
        : plan.Role == "Update" ? Construct.PreviousUpdate
        : plan.Role == "RunningAverage" ? Construct.PreviousAverage
        : plan.Role == "State" ? Construct.PreviousState
        : Construct.PreviousDerived;
}
