using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis.Ranges;

/// <summary>Where the leaves of a rule's expressions lie.</summary>
internal sealed class Leaves
{
    // A product is read twice a level.
    private const int DeepestPower = 8;

    private readonly RuleSpec rule;
    private readonly Dictionary<string, ValueRange> hyperparameters = [];
    private readonly Dictionary<int, ValueRange> assumed = [];

    internal Leaves(RuleSpec rule)
    {
        this.rule = rule;
        HashSet<string> shares = [.. rule.Nodes.Where(node => node.Operation == Operation.Subtract
            && Constants.LiteralOf(rule.Nodes, node.A) is 1).Select(SubtractedName)];
        foreach (DefaultSpec given in rule.Defaults)
        {
            ValueRange sign = given.Value > 0 ? ValueRange.Positive
                : given.Value == 0 ? ValueRange.NonNegative : given.Value < 0 ? ValueRange.Negative : ValueRange.All;

            // What is subtracted from one, itself or a power of it, and is less than one where nobody sets it, is a share.
            hyperparameters[given.Name] = !shares.Contains(given.Name) || given.Value is not (>= 0 and <= 1) ? sign
                : ValueRange.Both(sign, given.Value < 1 ? ValueRange.Decay : ValueRange.Share);
        }

        foreach (DomainSpec domain in rule.Domains)
        {
            hyperparameters[domain.Value.Name] = ValueRange.Of(domain.Interval,
                rule.Defaults.FirstOrDefault(given => given.Name == domain.Value.Name)?.Value);
        }
    }

    /// <summary>A node lies in a range, whatever it is made of: the runtime sees to it.</summary>
    internal void Assume(int node, ValueRange range)
    {
        if (rule.Nodes[node].Operation != Operation.Constant)
        {
            assumed[node] = range;
        }
    }

    internal bool TryGetAssumed(int node, out ValueRange range) => assumed.TryGetValue(node, out range);

    internal bool TryGet(Expression node, out ValueRange range)
    {
        ValueRange? known = node.Operation switch
        {
            Operation.Constant => ValueRange.Point(Constants.ValueOf(node)),

            Operation.StaticValue => Constants.StaticOf(rule, node) is { } fixedValue ? ValueRange.Point(fixedValue) : null,

            // Without a default its caller chooses, and is taken to choose a positive one.
            Operation.Hyperparameter => node.Type == ScalarType.Boolean ? ValueRange.Share
                : hyperparameters.TryGetValue(node.Text, out ValueRange given) ? given : ValueRange.Positive,
            Operation.Step or Operation.Rows or Operation.Columns or Operation.Count or Operation.Correction =>
                ValueRange.FromOne,

            // A single number is a tensor without sides.
            Operation.Rank => ValueRange.NonNegative,
            Operation.Mass or Operation.Weight => new ValueRange(0, 1, lowOpen: true),
            Operation.Noise => rule.Extras[(int)node.Bits].Extra switch
            {
                ExtraKind.Uniform => ValueRange.Share,
                ExtraKind.Rademacher => new ValueRange(-1, 1, withoutZero: true),
                _ => ValueRange.All,
            },
            _ => null,
        };
        range = known ?? default;
        return known is not null;
    }

    private string SubtractedName(Expression difference) => PowerOf(difference.B, 0);

    /// <summary>The hyperparameter of which a node is a power, or a product of itself; or nothing.</summary>
    private string PowerOf(int index, int depth)
    {
        Expression node = rule.Nodes[index];
        return depth > DeepestPower ? ""
            : node.Operation == Operation.Hyperparameter ? node.Text
            : node.Operation is Operation.Convert or Operation.Pow ? PowerOf(node.A, depth + 1)
            : node.Operation == Operation.Multiply && PowerOf(node.A, depth + 1) is var name && name == PowerOf(node.B, depth + 1) ? name
            : "";
    }
}
