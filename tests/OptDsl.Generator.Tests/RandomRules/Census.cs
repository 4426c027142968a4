using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Which constructs a rule holds, read off its syntax.</summary>
internal static class Census
{
    internal static HashSet<Construct> Of(RuleSyntax rule)
    {
        var found = new HashSet<Construct>
        {
            rule.IsFloat ? Construct.FloatRule : Construct.DoubleRule,
            rule.IsFused ? Construct.FusedRule : Construct.StrictRule,
            rule.IsClass ? Construct.ClassRule : Construct.RecordRule,
        };
        void Add(Construct construct, bool holds)
        {
            if (holds)
            {
                found.Add(construct);
            }
        }

        Add(Construct.NestedRule, rule.Shape is not (Shape.Record or Shape.Class));
        Add(Construct.GenericOuter, rule.Shape is Shape.NestedGenericClass or Shape.NestedConstrainedRecord or Shape.NestedHidingClass);
        Add(Construct.ConstrainedOuter, rule.Shape == Shape.NestedConstrainedRecord);
        Add(Construct.HiddenTypeParameter, rule.Shape == Shape.NestedHidingClass);
        CensusOfTypes.Of(rule, Add);
        Add(Construct.TwoStates, rule.Members.Count(member => member.HasMemory && !member.IsUniform) >= 2);
        foreach (Helper helper in rule.Helpers.Where(helper => rule.Bodies.Any(body => Calls(body, helper))))
        {
            bool instance = Sizes.ReadsInstance(helper.Body);
            Add(Construct.OuterHelper, helper.IsOuter);
            Add(Construct.InstanceHelper, instance);
            Add(Construct.StaticHelper, !helper.IsOuter && !instance);
            Add(Construct.BoolHelper, helper.Kind == Kind.Bool);
            Add(Construct.NestedHelper, rule.Helpers.Any(other => Calls(other.Body, helper)));
        }

        foreach (Hyper hyper in rule.Hypers)
        {
            Add(Construct.IntHyperparameter, hyper.Type == "int");
            Add(Construct.BoolHyperparameter, hyper.Type == "bool");
            Add(Construct.EnumHyperparameter, hyper.Type == RulePrinter.EnumName);
            Add(Construct.OtherWidth, hyper.Type == (rule.IsFloat ? "double" : "float"));
            Add(Construct.ComputedProperty, hyper.Form == HyperForm.Computed);
            Add(Construct.ConstantField, hyper.Form == HyperForm.Constant);
            Add(Construct.StaticField, hyper.Form == HyperForm.Static);
            Add(Construct.ReadonlyField, hyper.Form == HyperForm.ReadonlyField);
            Add(Construct.KeywordName, RulePrinter.Escape(hyper.Name) != hyper.Name);
        }

        foreach (Member member in rule.Members)
        {
            OfMember(rule, member, Add);
            CensusOfBarriers.OfMember(rule, member, Add);
        }

        foreach (ImmutableArray<Statement> body in rule.Bodies)
        {
            OfBody(body, Add);
        }

        return found;
    }

    /// <summary>The member that an attribute's text names, or null.</summary>
    internal static Member? Named(RuleSyntax rule, string text)
        => rule.Members.FirstOrDefault(member => text.EndsWith($"nameof({RulePrinter.Escape(member.Name)})", StringComparison.Ordinal));

    /// <summary>Whether a member's value of a step needs a reduction of that step.</summary>
    internal static bool IsReduced(RuleSyntax rule, Member member)
    {
        var seen = new HashSet<Member>();
        var pending = new Stack<Member>([member]);
        while (pending.Count > 0)
        {
            Member next = pending.Pop();
            if (seen.Add(next))
            {
                foreach (Member read in rule.Members.Where(other => next.Inputs.Any(input => input.Name == other.InputName)
                    || Named(rule, next.Setting) == other))
                {
                    pending.Push(read);
                }
            }
        }

        return seen.Any(other => other.Role == "Reduce");
    }

    internal static bool Calls(ImmutableArray<Statement> body, Helper helper)
        => Sizes.Expressions(body)
        .Any(root => root.All.Any(part => Regex.IsMatch(part.Form, $@"(?<!Math\.|MathF\.)\b{Regex.Escape(helper.Name)}\(")));

    private static void OfMember(RuleSyntax rule, Member member, Action<Construct, bool> add)
    {
        bool copies = member.Body is [Return { Value: { Operands.IsEmpty: true, Kind: Kind.Real } }];
        add(Construct.State, member.Role == "State");
        add(Construct.Derived, member.Role == "Derived");
        add(Construct.Rate, member.Role == "Rate");
        add(Construct.Window, member.Setting.StartsWith("Window", StringComparison.Ordinal));
        Member? source = Named(rule, member.Setting), initial = Named(rule, member.Initial);
        add(Construct.Decay, source is null && member.Setting.StartsWith("Decay", StringComparison.Ordinal));
        add(Construct.PublishedCorrection, source is null && member.Corrected);
        add(Construct.DecayMember, source is not null && member.Setting.StartsWith("Decay", StringComparison.Ordinal));
        add(Construct.DecayMemberPublished, source is not null && member.Corrected);
        add(Construct.WeightHyper, source is null && member.Setting.StartsWith("Weight", StringComparison.Ordinal));
        add(Construct.WeightUniform, source is { IsUniform: true } && member.Setting.StartsWith("Weight", StringComparison.Ordinal));
        add(Construct.WeightElement, source is { IsUniform: false } && member.Setting.StartsWith("Weight", StringComparison.Ordinal));
        add(Construct.InitialUniform, initial is { IsUniform: true });
        add(Construct.InitialElement, initial is { IsUniform: false });
        add(Construct.InitialReduced, initial is not null && IsReduced(rule, initial));
        bool beginsAtInput = member.Inputs.Any(input => member.Initial == $"nameof({input.Name})");
        add(Construct.InitialInput, beginsAtInput);
        add(Construct.InitialName, initial is null && !beginsAtInput && member.Initial.StartsWith("nameof", StringComparison.Ordinal));
        add(Construct.InitialConstant, member.Initial.Length > 0 && !member.Initial.StartsWith("nameof", StringComparison.Ordinal));
        add(Construct.DerivedBool, member is { Kind: Kind.Bool, IsUniform: false });
        add(Construct.UniformBool, member is { Kind: Kind.Bool, IsUniform: true });
        add(Construct.UniformInt, member is { Kind: Kind.Int, IsUniform: true });
        add(Construct.UniformDerived, member is { Role: "Derived" or "Rate", Kind: Kind.Real, IsUniform: true });
        add(Construct.UniformState, member is { Role: "State", Fineness: Fineness.Group });
        add(Construct.UniformAverage, member is { Role: "RunningAverage", Fineness: Fineness.Group });
        add(Construct.CopyingState, copies && member.HasMemory);
        add(Construct.CopyingUpdate, copies && member.Role == "Update");
        foreach (Input input in member.Inputs)
        {
            add(Construct.Step, input.Name == "step");
            add(Construct.PreviousStep, input.Name == "previousStep");
            if (rule.Members.FirstOrDefault(other => other.InputName + "Correction" == input.Name) is { } average)
            {
                add(Named(rule, average.Setting) is null ? Construct.CorrectionInput : Construct.CorrectionOfMember, true);
            }

            add(Construct.PreviousGradient, input.Name == "previousGradient");
            add(Construct.PreviousParameter, input.Name == "previousParameter");
            add(Construct.NewParameter, input.Name == rule.Update.InputName);
            if (rule.Members.FirstOrDefault(other => Sizes.Past(other.Name) == input.Name) is { } past)
            {
                add(Construct.PreviousUniform, past.IsUniform);
                add(Construct.PreviousUpdate, past.Role == "Update");
                add(Construct.PreviousState, past is { Role: "State", IsUniform: false });
                add(Construct.PreviousAverage, past is { Role: "RunningAverage", IsUniform: false });
                add(Construct.PreviousDerived, past is { Role: "Derived" or "Rate", IsUniform: false });
                add(Construct.SwappedStates,
                    past != member && past.HasMemory && member.HasMemory
                        && past.Inputs.Any(other => other.Name == Sizes.Past(member.Name)));
            }
        }
    }

    private static void OfBody(ImmutableArray<Statement> body, Action<Construct, bool> add)
    {
        foreach (Statement statement in Sizes.Statements(body))
        {
            switch (statement)
            {
                case Declare declare:
                    add(Construct.ConstantLocal, declare.IsConstant);
                    add(Construct.LateLocal, declare.Value is null);
                    add(Construct.BoolLocal, declare.Kind == Kind.Bool);
                    add(Construct.Local, !declare.IsConstant && declare.Value is not null);
                    break;
                case Assign assign:
                    add(Construct.Increment, assign.Value is null);
                    add(Construct.Assignment, assign.Operator == "=");
                    add(Construct.CompoundAssignment, assign.Value is not null && assign.Operator != "=");
                    break;
                case Branch branch:
                    bool returns = branch.Then is [.., Return];
                    add(Construct.EarlyReturn, returns);
                    add(Construct.IfElse, !branch.Else.IsEmpty);
                    add(Construct.If, !returns && branch.Else.IsEmpty);
                    add(Construct.UniformBranch, branch.IsUniform);
                    break;
            }
        }

        foreach (Expr part in Sizes.Expressions(body).SelectMany(root => root.All))
        {
            if (part.Construct is { } construct)
            {
                add(construct, true);
            }
        }
    }
}
