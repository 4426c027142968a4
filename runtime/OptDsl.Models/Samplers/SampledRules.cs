using OptDsl.Contract;

namespace OptDsl.Models;

/// <summary>The requirements that samplers have on rules.</summary>
internal static class SampledRules
{
    /// <summary>Throws unless a rule moves each row independently of the others.</summary>
    internal static void RequireApart(RuleSchema schema)
    {
        if (schema.Reductions.FirstOrDefault(reduction => reduction.Scope is not (Scope.Row or Scope.Parameter)) is { } mixing)
        {
            throw new ArgumentException(
                $"{schema.Name} reduces '{mixing.Name}' over a {mixing.Scope}. The chains of a sampler are the rows of one tensor, so this would mix them. Reduce over Scope.Row.", "rule");
        }

        if (schema.Inputs.FirstOrDefault(input => input.IsNoise && input.Scope is not (Scope.Row or Scope.Parameter)) is { } shared)
        {
            throw new ArgumentException(
                $"{schema.Name} draws '{shared.Name}' once per {shared.Scope}. The chains of a sampler are the rows of one tensor, so they would share it. Draw it once per parameter or once per row (Scope.Row).", "rule");
        }

        string? wide = schema.Inputs.FirstOrDefault(input => input.Source == InputSource.PerTensor)?.Name
            ?? schema.Members.FirstOrDefault(member => member.Kind is ValueKind.Tensor or ValueKind.Column)?.Name;
        if (wide is not null)
        {
            throw new ArgumentException(
                $"{schema.Name} has '{wide}', one value per tensor or column. The chains of a sampler are rows, so this value would depend on the number of chains. Use one value per parameter or per row.", "rule");
        }

        if (schema.ReadsLoss)
        {
            throw new ArgumentException($"{schema.Name} reads the loss, but every chain of a sampler has its own loss. Use a rule that does not read it.", "rule");
        }

        if (schema.Inputs.FirstOrDefault(input => input.Source == InputSource.GradientAt) is { } point)
        {
            throw new ArgumentException(
                $"{schema.Name} needs the gradient '{point.Name}' at another point, but a sampler evaluates only at the chains' positions.",
                    "rule");
        }
    }
}
