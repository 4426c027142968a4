#pragma warning disable OPT1018 // It writes a point of a line, wherever the parameters are.
namespace OptDsl.Models;

/// <summary>
/// How a search moves along a line: origin - rate x direction, the direction in the place of the gradients. A rate of 0 gives the origin,
/// to the bit, whatever the direction.
/// </summary>
[Optimizer]
internal sealed partial record AlongLine(double Rate = 0)
{
    [Update]
    double Update(double gradient, [PerParameter] double origin) => Rate == 0 ? origin : origin - Rate * gradient;
}
