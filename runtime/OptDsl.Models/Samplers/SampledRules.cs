using OptDsl.Contract;

namespace OptDsl.Models;

/// <summary>What samplers ask of rules.</summary>
internal static class SampledRules
{
    /// <summary>Requires that a rule moves each row by itself alone.</summary>
    internal static void RequireApart(RuleSchema schema)
    {
        if (schema.Reductions.FirstOrDefault(reduction => reduction.Scope is not (Scope.Row or Scope.Parameter)) is { } mixing)
        {
            throw new ArgumentException(
                $"{schema.Name} reduces '{mixing.Name}' over a {mixing.Scope}, and the chains of a sampler are the rows of one tensor: it would mix them. Reduce over Scope.Row.", "rule");
        }

        if (schema.Inputs.FirstOrDefault(input => input.IsNoise && input.Scope is not (Scope.Row or Scope.Parameter)) is { } shared)
        {
            throw new ArgumentException(
                $"{schema.Name} draws '{shared.Name}' once per {shared.Scope}, so that the chains of a sampler, the rows of one tensor, would share it. Draw it once per parameter, or once per Scope.Row.", "rule");
        }

        string? wide = schema.Inputs.FirstOrDefault(input => input.Source == InputSource.PerTensor)?.Name
            ?? schema.Members.FirstOrDefault(member => member.Kind is ValueKind.Tensor or ValueKind.Column)?.Name;
        if (wide is not null)
        {
            throw new ArgumentException(
                $"{schema.Name} has '{wide}', one value per tensor or column, and the chains of a sampler are rows: what is a tensor there depends on how many there are.", "rule");
        }

        if (schema.ReadsLoss)
        {
            throw new ArgumentException($"{schema.Name} reads the loss, and every chain of a sampler has a loss of its own.", "rule");
        }

        if (schema.Inputs.FirstOrDefault(input => input.Source == InputSource.GradientAt) is { } point)
        {
            throw new ArgumentException(
                $"{schema.Name} takes the gradient '{point.Name}' at another point, and a sampler evaluates only where the chains are.",
                    "rule");
        }
    }
}
