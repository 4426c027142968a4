using System.Text.RegularExpressions;

namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>What a rule's types hold: base types, files, names.</summary>
internal static class CensusOfTypes
{
    internal static void Of(RuleSyntax rule, Action<Construct, bool> add)
    {
        var bodies = rule.Bodies.SelectMany(Sizes.Expressions).SelectMany(root => root.All).Select(part => part.Form).ToHashSet();
        bool Reads(string name) => bodies.Any(form => Regex.IsMatch(form, $@"(?<!\w){Regex.Escape(name)}\b"));
        foreach (Hyper hyper in rule.Hypers)
        {
            string name = RulePrinter.Escape(hyper.Name);
            add(Construct.BaseValue, hyper.InBase && Reads(name));
            add(Construct.HiddenValue, rule.Hides(hyper) && Reads(name));
            add(Construct.ReadOfHidden, rule.Hides(hyper) && Reads("base." + name));
        }

        foreach (Helper helper in rule.Helpers)
        {
            bool Called(bool second) => rule.Members.Any(member => member.InSecondFile == second && Census.Calls(member.Body, helper));
            add(Construct.BaseHelper, helper.InBase && (Called(true) || Called(false)) && Sizes.ReadsInstance(helper.Body));
            add(Construct.TwinHelpers, rule.IsSplit && helper.IsOuter && Called(true) && Called(false));
        }

        add(Construct.SplitRule, rule.IsSplit && rule.Members.Any(member => member.InSecondFile));
        add(Construct.SeveralPoints,
            rule.Members.SelectMany(member => member.Inputs)
                .Where(input => input.Attribute.StartsWith("[GradientAt", StringComparison.Ordinal)).Select(input => input.Name).Distinct()
                .Count() > 1);
        add(Construct.AnyName, RuleWriter.HasEmittedNames(rule));
    }
}
